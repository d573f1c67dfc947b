import type { Evidence } from './evidence.ts';

/** What nearly every cause says: who got which signal. */
export function common(evidence: Evidence): { readonly app: string; readonly signal: string } {
  return { app: appOf(evidence), signal: evidence.observation.target.stopSignal };
}

/** The app by its command line. */
export function appOf({ app }: Pick<Evidence, 'app'>): string {
  return app?.command ?? 'the app';
}

/** PID 1 by its command line. */
export function pid1Of({ pid1 }: Pick<Evidence, 'pid1'>): string {
  return pid1?.command ?? 'PID 1';
}
