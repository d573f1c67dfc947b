/* autocannon for a while; the result is what it reports, in its own words. The argument is a PlainAutocannon as JSON. */
import autocannon from 'autocannon';

import type { PlainAutocannon } from '../jobs.ts';

process.on('disconnect', () => process.exit());
const { port, connections, ratePerSecond, seconds } = JSON.parse(process.argv[2] ?? 'null') as PlainAutocannon;
const result = await autocannon({
  url: `http://127.0.0.1:${port}`,
  connections,
  duration: seconds,
  ...(ratePerSecond === null ? {} : { overallRate: ratePerSecond }),
});
const { errors, timeouts, non2xx, resets } = result;
process.send?.({ '2xx': result['2xx'], non2xx, errors, timeouts, resets }, () => process.exit());
