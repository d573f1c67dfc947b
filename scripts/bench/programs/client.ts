/*
 * One client in a process of its own, so that its processor time is its own. The job is the argument, as JSON; the
 * result is the only message.
 */
import { measureAutocannon } from '../clients/autocannon.ts';
import { measureDispatch } from '../clients/dispatch.ts';
import { loadOn, measureClosed, measureFullOpen, measureOpen } from '../clients/ours.ts';
import { type Job, type Measured, type Reported } from '../jobs.ts';

process.on('disconnect', () => process.exit());
const measured = await perform(JSON.parse(process.argv[2] ?? 'null') as Job);
const { user, system } = process.cpuUsage();
process.send?.({ ...measured, totalCpuMs: (user + system) / 1000 } satisfies Reported, () => process.exit());

async function perform(job: Job): Promise<Measured> {
  switch (job.client) {
    case 'ours-closed':
      return await measureClosed(loadOn(job.port), job.connections);
    case 'ours-full-open':
      return await measureFullOpen(loadOn(job.port), job.connections);
    case 'ours-open':
      return await measureOpen(loadOn(job.port, job.pooled ? 'pooled' : 'both'), job.ratePerSecond);
    case 'dispatch':
      return await measureDispatch(job.port, job.connections);
    case 'autocannon':
      return await measureAutocannon(job.port, job.connections, job.ratePerSecond);
  }
}
