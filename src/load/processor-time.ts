import type { Clock } from '../clock.ts';

/** Tells how much processor time this program has used since the call, in cores: 0.2 is a fifth of one. */
export function meterProcessorTime(clock: Clock): () => number {
  const before = process.cpuUsage();
  const startUs = clock.nowUs();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const wallUs = clock.nowUs() - startUs;
    return wallUs <= 0 ? 0 : (user + system) / wallUs;
  };
}
