/** What the measured time to the exit is multiplied by where a grace period is advised. */
const HEAD_ROOM = 1.25;
/** Advised grace periods are multiples of this. */
const STEP_S = 5;

/**
 * The grace period to set, in seconds: never shorter than what was proven, and longer where that was only just enough. Whole
 * seconds, as engines count.
 */
export function advisedSeconds(provenMs: number, exitedAtMs: number | null): number {
  const neededS = ((exitedAtMs ?? 0) / 1000) * HEAD_ROOM;
  return Math.max(Math.ceil(provenMs / 1000), Math.ceil(neededS / STEP_S) * STEP_S);
}
