/** The base image of the samples on this engine, by the build argument that names it; Node's where none is given. */
export function baseImage(buildArg?: 'NODE_IMAGE' | 'DEBIAN_IMAGE'): Promise<string>;
