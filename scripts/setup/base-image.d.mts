/** The base image of the samples on this engine. */
export function baseImage(): Promise<string>;
