const BLOCK = 512;

/** A regular file as a ustar entry (POSIX, pax: ustar interchange format): a header block, then the padded content. */
export function tarFile(name: string, content: Buffer): Buffer {
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([header(name, '0', 0o644, content.length), content, padding]);
}

/** A folder as such an entry: its owner is root. */
export function tarFolder(name: string, mode: number): Buffer {
  return header(name, '5', mode, 0);
}

/** Owner and rights of what an archive begins with. */
export function firstInTar(archive: Buffer): { readonly uid: number; readonly mode: number } {
  const octal = (from: number, length: number): number =>
    Number.parseInt(archive.toString('ascii', from, from + length), 8);
  return { mode: octal(100, 7), uid: octal(108, 7) };
}

function header(name: string, type: '0' | '5', mode: number, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number): string => value.toString(8).padStart(length - 1, '0');
  block.write(name, 0, 100);
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  // The checksum counts its own field as blanks.
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 7)}\0 `, 148);
  return block;
}
