import type { LedgerRows } from '../load/ledger-rows.ts';
import type { Plan } from '../plan/plan.ts';
import type { Progress } from '../progress.ts';
import type { RunRecord } from '../result.ts';
import type { SentError } from './sent-error.ts';

/** What the child is told. */
export type ToChild =
  | {
      readonly kind: 'run';
      readonly plan: Plan;
      /** NODE_OPTIONS of the command, which the child itself is started without; null for none. */
      readonly nodeOptions: string | null;
    }
  | { readonly kind: 'abort' };

/** What the child tells: first `started`, last `done` or `failed`. */
export type FromChild =
  | { readonly kind: 'started' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'rows'; readonly rows: LedgerRows }
  | { readonly kind: 'done'; readonly record: RunRecord }
  | { readonly kind: 'failed'; readonly error: SentError };
