/**
 * A text with its `$(NAME)` filled in, as the kubelet does for commands, arguments and variables: `$$` is a `$`, so that
 * `$$(NAME)` stays `$(NAME)`, and a name that nothing is known of stays as it is.
 * Source: k8s.io/kubernetes/third_party/forked/golang/expansion.
 */
export function expand(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (reference, name: string | undefined) =>
    name === undefined ? '$' : (valueOf(name) ?? reference),
  );
}
