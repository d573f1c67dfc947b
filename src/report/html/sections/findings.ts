import { causeOf, type Finding } from '../../../diagnosis/finding.ts';
import { pageOf } from '../../../pages.ts';
import type { RunRecord } from '../../../result.ts';
import { adviceOn } from '../../table/findings.ts';
import { type Markup, markup, prose } from '../markup.ts';
import { heading, landmark, type Place } from '../parts.ts';

const ORDER = ['error', 'warning', 'info'] as const;
const KINDS = { error: 'Error', warning: 'Warning', info: 'Note' } as const;

/** The cause with its remedy, then what else was found, the worst first. */
export function findingsSection(run: RunRecord, place: Place): Markup {
  const cause = causeOf(run);
  const others = run.findings.filter((finding) => finding !== cause);
  const sorted = others.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const all = cause ? [cause, ...sorted] : sorted;
  return markup`${all.map((finding, nth) => findingPart(finding, finding === cause, adviceOn(finding, run), nth, place))}`;
}

/** Those of a roll-out, which has no cause of its own. */
export function plainFindings(findings: readonly Finding[], place: Place): Markup {
  return markup`${findings.map((finding, nth) =>
    findingPart(finding, false, finding.advice === null ? null : ['Do', finding.advice], nth, place),
  )}`;
}

function findingPart(
  { code, severity, message }: Finding,
  isCause: boolean,
  advice: readonly [label: string, text: string] | null,
  nth: number,
  place: Place,
): Markup {
  const title = `${isCause ? 'Cause' : KINDS[severity]}: ${code}`;
  const id = `${place.id}-finding-${nth + 1}`;
  const page =
    pageOf(code) === null ? null : markup`<p class="more"><a href="#${pageId(code)}">More about ${code}</a></p>`;
  return markup`<section class="finding ${isCause ? 'cause' : severity}"${landmark(place, id)}>
${heading(place.level, title, id)}
<p>${prose(message)}</p>
${advice === null ? null : markup`<p class="advice"><strong>${advice[0] === 'Do' ? 'What to change' : 'Proven'}:</strong> ${prose(advice[1])}</p>`}
${page}</section>
`;
}

/** Where the page of a finding stands. */
export function pageId(code: string): string {
  return `about-${code}`;
}
