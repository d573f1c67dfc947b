import { existsSync, rmSync, writeFileSync } from 'node:fs';

import { install, packageSystem } from './apt.mjs';
import { attempt, say, SetupError } from './run.mjs';

/** What users come to in a roll-out. Command, package and service have one name. */
const BALANCER = 'haproxy';
/** Packages ask it before they start a service of theirs (invoke-rc.d(8)); 101 says no. */
const POLICY = '/usr/sbin/policy-rc.d';
const NO_SERVICES = '#!/bin/sh\nexit 101\n';

/** Installs the load balancer where packages can be installed, and not as a service; without it there are no roll-outs. */
export async function ensureBalancer() {
  if ((await attempt('sh', ['-c', `command -v ${BALANCER}`])).code === 0 || packageSystem() === null) return;
  say(`installing ${BALANCER} with apt-get, without starting it`);
  try {
    await withoutServices(() => install([BALANCER]));
    await attempt('update-rc.d', [BALANCER, 'disable']);
    // Where there was a policy before, it may have said yes.
    await attempt('service', [BALANCER, 'stop']);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`${BALANCER} cannot be installed; scenarios and tests of roll-outs are then left out.\n${error.message}`);
  }
}

/** The machine's own policy, where it has one, stays in force. */
async function withoutServices(work) {
  if (existsSync(POLICY)) return await work();
  writeFileSync(POLICY, NO_SERVICES, { mode: 0o755 });
  try {
    await work();
  } finally {
    rmSync(POLICY, { force: true });
  }
}
