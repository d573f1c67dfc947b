// The process that has a network of its own; `start-child.ts` starts it. It runs one plan, answers, and ends.
import { connectNamespace } from '../engines/namespace/connect.ts';
import { rowsOf } from '../load/ledger-rows.ts';
import type { Plan } from '../plan/plan.ts';
import { type Run, runHere } from '../run.ts';
import type { FromChild, ToChild } from './messages.ts';
import { packError } from './sent-error.ts';

const abort = new AbortController();

// A terminal sends Ctrl-C to us too, and a shell its hang-up; what is to be done then our parent says.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', () => abort.abort(new Error('The process that started the run has ended.')));
process.on('uncaughtException', (error) => abort.abort(error));
process.on('message', (message: ToChild) => {
  if (message.kind === 'abort') abort.abort();
  else void answer(message).finally(() => process.exit());
});
await tell({ kind: 'started' });

async function answer({ plan, nodeOptions }: Extract<ToChild, { kind: 'run' }>): Promise<void> {
  // Whoever has ended by now did so before anybody listened for it.
  if (!process.connected) return;
  if (nodeOptions !== null) process.env['NODE_OPTIONS'] = nodeOptions;
  try {
    const { record, ledger } = await run(plan);
    for (const rows of rowsOf(ledger)) await tell({ kind: 'rows', rows });
    await tell({ kind: 'done', record });
  } catch (error) {
    await tell({ kind: 'failed', error: packError(error) });
  }
}

async function run(plan: Plan): Promise<Run> {
  await using engine = await connectNamespace(abort.signal);
  return await runHere(engine, plan, {
    onProgress: (progress) => void tell({ kind: 'progress', progress }),
    signal: abort.signal,
  });
}

/** Resolves when it was handed over, or nobody is there to take it. */
function tell(message: FromChild): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
}
