const HEADER_LENGTH = 8;
const STDERR = 2;

/**
 * Takes apart the engine's multiplexed output of a container without a terminal: frames of one byte for the stream,
 * three of padding, four for the length, then the content (Engine API, ContainerAttach). Content is passed on as it
 * comes, without waiting for the end of its frame.
 */
export function splitFrames(onContent: (stream: 'stdout' | 'stderr', bytes: Buffer) => void): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  let stream: 'stdout' | 'stderr' = 'stdout';
  let remaining = 0;

  const readHeader = (chunk: Buffer): Buffer => {
    const missing = HEADER_LENGTH - header.length;
    header = Buffer.concat([header, chunk.subarray(0, missing)]);
    if (header.length < HEADER_LENGTH) return chunk.subarray(chunk.length);
    stream = header[0] === STDERR ? 'stderr' : 'stdout';
    remaining = header.readUInt32BE(4);
    header = Buffer.alloc(0);
    return chunk.subarray(missing);
  };

  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (remaining === 0) rest = readHeader(rest);
      const content = rest.subarray(0, remaining);
      remaining -= content.length;
      rest = rest.subarray(content.length);
      if (content.length > 0) onContent(stream, content);
    }
  };
}
