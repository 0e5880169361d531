import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Sealer } from '../../engine/ports/sealer.ts';
import type { SnapshotStore } from '../../engine/ports/snapshotStore.ts';

/** "MCS1": open, its CRC-32 follows. "MCS2": sealed, which guards it too. */
const OPEN = 0x3153434d;
const SEALED = 0x3253434d;
/** Which of the two, CRC-32 of the content (0 when sealed), its length as two 32-bit halves. */
const HEADER_BYTES = 16;

/** Snapshots as files of one folder. What cannot be written is logged and forgotten: the next start is colder, nothing else. */
export function createSnapshotFiles(folder: string, sealer: Sealer, logger: Logger): SnapshotStore {
  const pathOf = (name: string) => join(folder, `${name}.snapshot`);
  return {
    async read(name) {
      const bytes = await readFile(pathOf(name)).catch(() => undefined);
      if (!bytes) return undefined;
      const content = bytes.subarray(HEADER_BYTES);
      const found = bytes.subarray(0, HEADER_BYTES);
      try {
        if (found.equals(header(OPEN, crc32(content), content.length))) return content;
        if (found.equals(header(SEALED, 0, content.length))) return sealer.open(content, name);
      } catch (error) {
        logger.warn('a snapshot cannot be decrypted and is built anew', { name, reason: String(error) });
        return undefined;
      }
      logger.warn('a damaged snapshot is ignored and built anew', { name });
      return undefined;
    },
    async write(name, all, { sealed }) {
      // zlib starts anew at an empty part.
      const parts = all.filter(part => part.length > 0);
      const own = `${pathOf(name)}.${process.pid}.${Date.now()}`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await using file = await open(own, 'w', 0o600);
        await file.write(Buffer.alloc(HEADER_BYTES));
        let length = 0;
        let checksum = 0;
        for (const part of sealed ? sealer.seal(parts, name) : parts) {
          await file.write(part);
          length += part.length;
          if (!sealed) checksum = crc32(part, checksum);
        }
        await file.write(header(sealed ? SEALED : OPEN, checksum, length), 0, HEADER_BYTES, 0);
        await rename(own, pathOf(name));
      } catch (error) {
        logger.info('the snapshot was not written', { name, reason: (error as Error).message });
        await rm(own, { force: true }).catch(() => {});
      }
    },
    async removeOpen() {
      const names = await readdir(folder).catch(() => []);
      const removed = await Promise.all(names.map(name => removeIfOpen(join(folder, name), logger)));
      return removed.includes(true);
    },
  };
}

/** One that another process is just writing has its header last, and goes too: it is not missed. */
async function removeIfOpen(path: string, logger: Logger): Promise<boolean> {
  try {
    const bytes = Buffer.alloc(4);
    {
      await using file = await open(path);
      await file.read(bytes);
    }
    if (bytes.readUInt32LE() === SEALED) return false;
    await rm(path);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT')
      logger.warn('a snapshot with a sensitive memory was not removed', { path, reason: message });
    return false;
  }
}

function header(kind: number, checksum: number, length: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32LE(kind, 0);
  bytes.writeUInt32LE(checksum, 4);
  bytes.writeUInt32LE(length % 2 ** 32, 8);
  bytes.writeUInt32LE(Math.floor(length / 2 ** 32), 12);
  return bytes;
}
