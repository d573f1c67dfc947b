import { at, type Field, items, neededText, textOf } from './field.ts';

/** Where each kind keeps the pod that it makes: its metadata and its spec. */
const POD_AT: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The kinds that run containers. */
export const WORKLOAD_KINDS = Object.keys(POD_AT);

/** What runs containers, and the pod that it makes. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  /** null where the manifest leaves it to whoever applies it. */
  readonly namespace: string | null;
  /** The whole object. */
  readonly object: Field;
  /** The pod's own. */
  readonly metadata: Field;
  readonly spec: Field;
}

/** One of a workload's containers. */
export interface Container {
  readonly name: string;
  readonly workload: Workload;
  readonly field: Field;
}

/** The workloads among the objects of a manifest. */
export function workloadsIn(objects: readonly Field[]): readonly Workload[] {
  return objects.flatMap((object) => {
    const kind = textOf(at(object, 'kind')) ?? '';
    const podAt = POD_AT[kind];
    if (podAt === undefined) return [];
    const pod = at(object, ...podAt);
    const names = [at(object, 'metadata', 'name'), at(object, 'metadata', 'generateName')];
    const name = names.map(textOf).find((text) => text !== null) ?? kind.toLowerCase();
    const namespace = textOf(at(object, 'metadata', 'namespace'));
    return [{ kind, name, namespace, object, metadata: at(pod, 'metadata'), spec: at(pod, 'spec') }];
  });
}

/** A workload's containers proper, without those that start before them. */
export function containersOf(workload: Workload): readonly Container[] {
  return items(at(workload.spec, 'containers')).map((field) => toContainer(field, workload));
}

/** Containers that start before those: ordinary init containers, and native sidecars, which stay. */
export function initContainersOf(workload: Workload): readonly Container[] {
  return items(at(workload.spec, 'initContainers')).map((field) => toContainer(field, workload));
}

/** Whether an init container stays beside the app until that has stopped: Kubernetes' native sidecar. */
export function isSidecar({ field }: Container): boolean {
  return textOf(at(field, 'restartPolicy')) === 'Always';
}

function toContainer(field: Field, workload: Workload): Container {
  return { name: neededText(at(field, 'name')), workload, field };
}
