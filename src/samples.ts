import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own folder, from the sources as well as from `dist`. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const SAMPLE_APPS = path.join(ROOT, 'sample-apps');

/** The samples' base images, by the build arguments that name them. */
export const BASE_IMAGES = { NODE_IMAGE: 'node:24-bookworm-slim', DEBIAN_IMAGE: 'debian:bookworm-slim' } as const;
