import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Logger } from '../../engine/ports/logger.ts';
import type { SnapshotStore } from '../../engine/ports/snapshotStore.ts';

/** "MCS1", CRC-32 of the content, its length as two 32-bit halves. */
const MAGIC = 0x3153434d;
const HEADER_BYTES = 16;

/** Snapshots as files of one folder. What cannot be written is logged and forgotten: the next start is colder, nothing else. */
export function createSnapshotFiles(folder: string, logger: Logger): SnapshotStore {
  const pathOf = (name: string) => join(folder, `${name}.snapshot`);
  return {
    async read(name) {
      const bytes = await readFile(pathOf(name)).catch(() => undefined);
      if (!bytes) return undefined;
      const content = bytes.subarray(HEADER_BYTES);
      if (
        bytes.length >= HEADER_BYTES &&
        header(crc32(content), content.length).equals(bytes.subarray(0, HEADER_BYTES))
      ) {
        return content;
      }
      logger.warn('a damaged snapshot is ignored and built anew', { name });
      return undefined;
    },
    async write(name, all) {
      // zlib starts anew at an empty part.
      const parts = all.filter(part => part.length > 0);
      const own = `${pathOf(name)}.${process.pid}.${Date.now()}`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const length = parts.reduce((sum, part) => sum + part.length, 0);
        const checksum = parts.reduce((sum, part) => crc32(part, sum), 0);
        await using file = await open(own, 'w', 0o600);
        await file.write(header(checksum, length));
        for (const part of parts) await file.write(part);
        await rename(own, pathOf(name));
      } catch (error) {
        logger.info('the snapshot was not written', { name, reason: (error as Error).message });
        await rm(own, { force: true }).catch(() => {});
      }
    },
  };
}

function header(checksum: number, length: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(checksum, 4);
  bytes.writeUInt32LE(length % 2 ** 32, 8);
  bytes.writeUInt32LE(Math.floor(length / 2 ** 32), 12);
  return bytes;
}
