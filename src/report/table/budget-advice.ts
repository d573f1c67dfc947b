import { preStopSleepLine } from '../../plan/covering-sleep.ts';
import type { Advice, BudgetRecord, GraceAdvice, SleepAdvice } from '../../budget/record.ts';
import { DEFAULTS } from '../../plan/defaults.ts';
import { heading, type Look } from '../look.ts';
import { paragraph, period, plural, time } from '../text.ts';

/** Below this, what the runs say is worth less than the toss of a coin. */
const EVEN = 0.5;

/** How sure the longest time is; nothing where no time is recommended. */
export function confidenceLines({ confidence, all, advice }: BudgetRecord, look: Look): readonly string[] {
  if (advice.kind !== 'recommended' || confidence === null || all.exit.maxMs === null) return [];
  const { stops, share, stopsForMost } = confidence;
  const few = confidence.confidence < EVEN ? `${plural(stops, 'run')} ${stops === 1 ? 'is' : 'are'} very few. ` : '';
  const figures = `${percent(share)} of stops like ${stops === 1 ? 'this' : 'these'} end within the longest one seen, ${time(all.exit.maxMs)}, at ${percent(confidence.confidence)} confidence (1 - ${share}^${stops}, whatever the distribution).`;
  const more =
    stops >= stopsForMost ? '' : ` To say it of 95 % at 95 % takes ${stopsForMost} runs: \`--runs ${stopsForMost}\`.`;
  return [heading(look, 'How sure'), paragraph(few + figures + more, look.width, '  ')];
}

/** Rounded down: a report does not claim more than it knows. */
function percent(share: number): string {
  return `${Math.floor(share * 100 + 1e-9)} %`;
}

type Recommended = Extract<Advice, { kind: 'recommended' }>;

/** What to set, with every term of it, and the lines to write; nothing where nothing can be said. */
export function adviceLines(budget: BudgetRecord, look: Look): readonly string[] {
  const { advice } = budget;
  if (advice.kind !== 'recommended') return [];
  const { sleep, grace, dockerGrace } = advice;
  const sums = [sleepText(budget, advice), graceText(grace, look)];
  const remarks = [oneHookText(budget, advice), marginText(grace), deployedText(budget, grace), dockerText(budget)];
  return [
    heading(look, 'Recommended'),
    ...sums.filter(Boolean).map((sum) => paragraph(sum, look.width, '  ')),
    paragraph(remarks.filter(Boolean).join(' '), look.width, '  '),
    ...linesToWrite([...podLines(budget, grace, sleep), ...dockerLines(dockerGrace)]),
  ];
}

function sleepText({ profile, routingLagMs, hook }: BudgetRecord, { sleep, grace }: Recommended): string {
  if (profile === 'docker') return '';
  const lag = `the routing lag of ${period(routingLagMs)}`;
  if (sleep === null && grace.what === 'hookAndExit')
    return `preStop \`${hook}\` as it is${routingLagMs === 0 ? '' : `: nothing was refused in ${lag}`}`;
  if (sleep === null) return 'no preStop sleep: nothing is routed to it once the stop has begun';
  if (sleep.why === 'coversLag')
    return `preStop sleep ${sleep.seconds} s = the first whole second after ${lag} (--routing-lag, not measured)`;
  const its = sleep.seconds === 0 ? 'no preStop sleep' : `preStop sleep ${sleep.seconds} s`;
  return `${its}: the app went on accepting by itself to the end of ${lag}`;
}

/** `grace 12 s = preStop 3 s + 1.5 × 5.1 s (the longest of 10), rounded up`. */
function graceText({ seconds, sleepS, longestMs, of, what, margin }: GraceAdvice, look: Look): string {
  const longest = `${time(longestMs)} (${what === 'exit' ? '' : 'preStop and drain, '}the longest of ${of})`;
  const measured =
    margin.kind === 'times'
      ? `${margin.factor} ${look.unicode ? '×' : 'x'} ${longest}`
      : `${longest} + ${margin.seconds} s`;
  return `grace ${seconds} s = ${sleepS ? `preStop ${sleepS} s + ` : ''}${measured}, rounded up`;
}

function oneHookText({ hook }: BudgetRecord, { sleep, grace }: Recommended): string {
  if (sleep === null || grace.what === 'exit') return '';
  return `A container has one preStop hook: the sleep takes the place of \`${hook}\`, or comes first in what that runs.`;
}

function marginText({ margin }: GraceAdvice): string {
  const size = margin.kind === 'times' ? 'half of the longest time' : `${margin.seconds} s`;
  return `The margin, ${size}, is a judgement: for another machine, a fuller queue, whatever no run here could show.`;
}

/** Whether what it is deployed with is enough. */
function deployedText({ graceMs, profile }: BudgetRecord, { seconds, sleepS, longestMs }: GraceAdvice): string {
  // Where nobody said what it is deployed with, the default is all that is known.
  const isDefault = graceMs === (profile === 'kubernetes' ? DEFAULTS.kubernetesGraceMs : DEFAULTS.graceMs);
  const its = `the ${isDefault ? 'default ' : ''}grace period of ${period(graceMs)}${isDefault ? '' : ' that it has'}`;
  if (graceMs >= seconds * 1000) return `${atStart(its)} is enough.`;
  const took = (sleepS ?? 0) * 1000 + longestMs;
  return graceMs >= took
    ? `${atStart(its)} was enough for these stops, with less than the margin to spare.`
    : `${atStart(its)} is too short: ${time(took)} were needed.`;
}

function atStart(text: string): string {
  return text.replace(/^./, (letter) => letter.toUpperCase());
}

function dockerText({ profile }: BudgetRecord): string {
  return profile === 'docker'
    ? ''
    : '`docker stop` has no preStop, so its time is without one; `--profile docker` measures that sequence.';
}

type Line = readonly [where: string, text: string];

function podLines({ profile }: BudgetRecord, { seconds }: GraceAdvice, sleep: SleepAdvice | null): readonly Line[] {
  if (profile === 'docker') return [];
  const grace: Line = ['Kubernetes', `terminationGracePeriodSeconds: ${seconds}`];
  return sleep && sleep.seconds > 0 ? [grace, ['Kubernetes', preStopSleepLine(sleep.seconds * 1000)]] : [grace];
}

function dockerLines({ seconds }: GraceAdvice): readonly Line[] {
  return [
    ['docker', `docker stop -t ${seconds}`],
    ['Compose', `stop_grace_period: ${seconds}s`],
  ];
}

function linesToWrite(lines: readonly Line[]): readonly string[] {
  const width = Math.max(...lines.map(([where]) => where.length));
  return lines.map(([where, text]) => `    ${where.padEnd(width)}  ${text}`);
}
