import type { RunOptions } from '../options.ts';
import type { Field } from './field.ts';
import type { Container } from './workloads.ts';

/** What is known beside a container's own fields. */
export interface Around {
  readonly container: Container;
  /** Everything in the manifest. */
  readonly objects: readonly Field[];
  /** What the user gave: values that others are made of, and what goes over the probe. */
  readonly given: Pick<RunOptions, 'env' | 'port' | 'grpc'>;
}
