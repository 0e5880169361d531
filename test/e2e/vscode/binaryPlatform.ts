import { open } from 'node:fs/promises';

/** By their first bytes. */
const ELF = 0x7f454c46;
const MACH_O = 0xcffaedfe;
const MACH_O_UNIVERSAL = 0xcafebabe;
const ELF_MACHINES: Readonly<Record<number, string>> = { 62: 'x64', 183: 'arm64' };
const MACH_O_PROCESSORS: Readonly<Record<number, string>> = { 16777223: 'x64', 16777228: 'arm64' };
const PE_MACHINES: Readonly<Record<number, string>> = { 34404: 'x64', 43620: 'arm64' };

/** Whom a program or library is compiled for, such as `linux-x64`; undefined for any other file. */
export async function binaryPlatform(path: string): Promise<string | undefined> {
  await using file = await open(path);
  const head = Buffer.alloc(1024);
  await file.read(head, 0, head.length, 0);
  const magic = head.readUInt32BE(0);
  if (magic === ELF) return `linux-${ELF_MACHINES[head.readUInt16LE(18)]}`;
  if (magic === MACH_O) return `darwin-${MACH_O_PROCESSORS[head.readUInt32LE(4)]}`;
  if (magic === MACH_O_UNIVERSAL) return 'darwin-universal';
  if (head.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const header = head.readUInt32LE(0x3c);
  return header + 6 > head.length ? 'win32' : `win32-${PE_MACHINES[head.readUInt16LE(header + 4)]}`;
}
