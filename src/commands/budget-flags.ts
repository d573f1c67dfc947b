import { CHECKS } from '../plan/checks.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import { formatDuration } from '../plan/durations.ts';
import { NOT_OF_BUDGET, type NotOfBudget } from '../plan/only-of-run.ts';
import type { BudgetOptions } from '../plan/options.ts';
import { RANGES } from '../plan/ranges.ts';
import type { Flag } from './flag.ts';
import { RUN_FLAGS } from './run-flags.ts';
import { numberOf, numbersOf } from './values.ts';

const SERIES_FLAGS: readonly Flag<BudgetOptions>[] = [
  {
    name: 'runs',
    value: 'N',
    group: 'Budget',
    help: 'How many times it is stopped, one run after the other. 59 say of 95 % of all stops what they take at most, at 95 % confidence; the report says what fewer are worth.',
    fallback: String(DEFAULTS.runs),
    read: (_, text) => ({ runs: numberOf('--runs', text, RANGES.runs, '30') }),
  },
  {
    name: 'rates',
    value: 'N,N',
    group: 'Budget',
    help: 'Loads, in requests a second, which take turns. Name the one at which you deploy.',
    fallback:
      'what --rate auto of run finds, twice and half of it (half more in the place of twice, where that would be more than the app can do)',
    read: (_, text) => ({ rates: numbersOf('--rates', text, RANGES.rate, '10,50,100') }),
  },
];

/** What differs from the same flag of `run`. */
const DIFFERENCES: Readonly<Record<string, Partial<Flag<BudgetOptions>>>> = {
  profile: { fallback: 'kubernetes; docker for a compose file' },
  'pre-stop': {
    fallback: 'a sleep that covers the routing lag; sleep:0s asks what it needs without',
  },
  'routing-lag': { fallback: `${formatDuration(DEFAULTS.kubernetesLagMs)}; 0s with --profile docker` },
  grace: {
    help: 'The grace period that it is deployed with: the report says whether it is enough. The runs themselves have --max-grace.',
    fallback: `${formatDuration(DEFAULTS.kubernetesGraceMs)}; ${formatDuration(DEFAULTS.graceMs)} with --profile docker`,
  },
  'max-grace': {
    group: 'Budget',
    help: 'The grace period of the runs, long enough for whatever the app may take, so that all of it is measured.',
  },
  timeout: { help: 'Bound on each run, build included.' },
};

/** Flags of `run` that a budget does not take, and why. */
export const NOT_IN_BUDGET: ReadonlyMap<string, string> = new Map(
  (Object.keys(NOT_OF_BUDGET) as NotOfBudget[]).map((option) => [CHECKS[option].flag ?? option, NOT_OF_BUDGET[option]]),
);

/** Every flag of `budget` that says something about its runs. */
export const BUDGET_FLAGS: readonly Flag<BudgetOptions>[] = [
  ...SERIES_FLAGS,
  ...RUN_FLAGS.filter(({ name }) => !NOT_IN_BUDGET.has(name)).map((flag) => ({ ...flag, ...DIFFERENCES[flag.name] })),
];
