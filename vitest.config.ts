import { defineConfig } from 'vitest/config';

import { baseImage } from './scripts/setup/base-image.mjs';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests of the engine and of the program are loads on this machine: side by side they would measure each other.
    fileParallelism: false,
    // What the tests of the engine build upon: the public image where it is there, else set-up's stand-in.
    env: { SHUTDOWN_CHECK_TEST_BASE: await baseImage() },
  },
});
