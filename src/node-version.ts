/*
 * Loaded before anything else, by whatever Node there is: only what any of them can read, and no imports.
 */

/** The versions of Node that this program runs on, as in package.json. */
export const NEEDED_NODE = '^22.22.0 || ^24.0.0 || >=26.0.0';

/** Whether a version, such as `v24.1.0`, is one of them. */
export function isNewEnough(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.replace(/^v/, '').split('.').map(Number);
  return major >= 26 || major === 24 || (major === 22 && minor >= 22);
}
