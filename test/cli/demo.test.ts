import { expect, test } from 'vitest';

import { program, ROOT } from './support.ts';

const NO_ENGINE = { DOCKER_HOST: 'tcp://127.0.0.1:1' };

test.runIf(process.platform === 'linux')(
  'where no engine can be had, the demo shows the same on commands of this machine, and says so',
  async () => {
    const setUp = await program(process.execPath, ['scripts/setup.mjs', 'demo'], { cwd: ROOT, env: NO_ENGINE });
    expect(setUp.exitCode).toBe(0);
    expect(setUp.stdout).toContain('set-up: going on without an engine: no engine answers at DOCKER_HOST=');
    const demo = await program(process.execPath, ['scripts/demo.mjs'], { cwd: ROOT, env: NO_ENGINE });
    expect(demo.exitCode).toBe(0);
    expect(demo.stdout).toMatch(
      /no container engine[^]*\nFAIL [^]*SHELL_IS_PID1[^]*\nPASS [^]*One line makes the difference/,
    );
  },
  120_000,
);
