import type { Result, RunRecord } from '../../../result.ts';
import type { RolloutRecord } from '../../../rollout/record.ts';
import { asTyped } from '../../text.ts';
import { type Markup, markup } from '../markup.ts';
import { folded, NONE, type Place, section, table } from '../parts.ts';

/** What was stopped, and exactly how. */
export function planSection({ target, plan }: RunRecord | RolloutRecord, place: Place): Markup {
  const words = (command: readonly string[] | null): string | Markup =>
    command === null ? NONE : markup`<code>${asTyped(command)}</code>`;
  return section(
    place,
    'plan',
    'Target and plan',
    table(
      'Target',
      ['', 'value'],
      [
        ['target', target.reference],
        ['image', target.imageId ?? NONE],
        ['entrypoint', words(target.entrypoint)],
        ['command', words(target.command)],
        ['stop signal', target.stopSignal],
      ],
    ),
    folded('The exact plan, with every default filled in', code(JSON.stringify(plan.resolved, null, 2), 'Plan')),
  );
}

function code(text: string, label: string): Markup {
  return markup`<pre tabindex="0" role="group" aria-label="${label}">${text}</pre>`;
}

/** What measured it. */
export function versionsSection({ tool, engine, schemaVersion, startedAt }: Result): Markup {
  const api = engine.apiVersion === null ? '' : `, API ${engine.apiVersion}`;
  return section(
    { id: 'all', level: 2 },
    'versions',
    'Versions',
    table(
      'What measured it',
      ['', 'version'],
      [
        ['tool', `${tool.name} ${tool.version}`],
        ['engine', `${engine.kind} ${engine.version}${api}`],
        ['schema of the result', String(schemaVersion)],
        ['started at', startedAt],
      ],
    ),
  );
}
