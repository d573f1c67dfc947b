/** Takes what is made one after the other, and undoes it the last first. Node 22 has no AsyncDisposableStack. */
export interface Stack extends AsyncDisposable {
  /** Takes it and gives it back. */
  use<T extends Disposable | AsyncDisposable>(made: T): T;
  defer(undo: () => Promise<void>): void;
  /** Hands over all that it has: its own disposal does nothing from then on. */
  move(): Stack;
}

type Undo = () => void | PromiseLike<void>;

/**
 * Its disposal undoes everything, whatever comes of the single steps.
 * @throws Error the first that one of them threw, when all are done.
 */
export function createStack(undos: Undo[] = []): Stack {
  return {
    use(made) {
      undos.push(() => (Symbol.asyncDispose in made ? made[Symbol.asyncDispose]() : made[Symbol.dispose]()));
      return made;
    },
    defer: (undo) => void undos.push(undo),
    move: () => createStack(undos.splice(0)),
    async [Symbol.asyncDispose]() {
      const errors: unknown[] = [];
      for (const undo of undos.splice(0).toReversed()) {
        try {
          await undo();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
