/*
 * Makes this checkout ready to run: dependencies, an engine, the kernel's trace where there is one, a base image for the
 * samples, the inits that some of them need, a load balancer, rsync for a test, a browser, the built
 * program.
 * Whatever is there already is left as it is, so it can be run again at no cost. It comes before `npm ci`, so it uses
 * nothing but what Node 18 brings.
 *
 * Usage: node scripts/setup.mjs [demo]     with `demo`, only what the demo needs, which can do without an engine
 */
import { isBuilt } from './setup/built.mjs';
import { ensureBalancer } from './setup/balancer.mjs';
import { ensureBaseImages } from './setup/base-image.mjs';
import { ensureBrowser } from './setup/browser.mjs';
import { ensureDependencies, NODE } from './setup/dependencies.mjs';
import { ensureEngine } from './setup/engine.mjs';
import { ensureInits } from './setup/inits.mjs';
import { ensureRsync } from './setup/rsync.mjs';
import { run, say, SetupError } from './setup/run.mjs';
import { ensureTracefs } from './setup/tracefs.mjs';

try {
  const startedAt = performance.now();
  await ensureDependencies();
  await ensureTracefs();
  if (process.argv[2] === 'demo') await ensureEngineIfPossible();
  else await ensureAllForTests();
  if (!isBuilt()) await run(NODE, ['scripts/build.mjs'], { show: true });
  console.log(`set-up: ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`set-up: ${error.message}`);
  process.exitCode = 2;
}

async function ensureAllForTests() {
  await ensureEngine();
  await ensureInits();
  await ensureBalancer();
  await ensureBrowser();
  await ensureRsync();
  await ensureBaseImages();
}

async function ensureEngineIfPossible() {
  try {
    await ensureEngine();
    await ensureBaseImages(['NODE_IMAGE']);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`going on without an engine: ${error.message}`);
  }
}
