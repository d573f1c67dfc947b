/** Wall and processor time since the start, milliseconds. */
export function startStopwatch(): () => { readonly wallMs: number; readonly cpuMs: number } {
  const startMs = performance.now();
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return { wallMs: performance.now() - startMs, cpuMs: (user + system) / 1000 };
  };
}
