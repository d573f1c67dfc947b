import { type FileHandle, open } from 'node:fs/promises';

/** One read of these tables gives at most a page; one that leaves room for more lines has come to their end. */
const PAGE_BYTES = 4_096;
const LINE_BYTES = 256;

/**
 * /proc/net/tcp and tcp6 as a process sees them, in one text.
 *
 * @throws Error where the process has ended
 */
export async function tcpTables(proc: string): Promise<string> {
  const [tcp, tcp6] = await Promise.all([
    readTable(`${proc}/net/tcp`),
    // A kernel without IPv6 has none.
    readTable(`${proc}/net/tcp6`).catch(() => ''),
  ]);
  return tcp + tcp6;
}

/** Every read, the last and empty one too, walks the whole machine's connections, which takes milliseconds: spare it. */
async function readTable(file: string): Promise<string> {
  const handle: FileHandle = await open(file);
  try {
    const parts: Buffer[] = [];
    const buffer = Buffer.alloc(16 * PAGE_BYTES);
    for (let bytes = PAGE_BYTES; bytes > PAGE_BYTES - LINE_BYTES;) {
      bytes = (await handle.read(buffer, 0, buffer.length, null)).bytesRead;
      parts.push(Buffer.from(buffer.subarray(0, bytes)));
    }
    return Buffer.concat(parts).toString('latin1');
  } finally {
    await handle.close();
  }
}
