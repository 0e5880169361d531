import { mkdirSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { MemoryError } from '../../engine/errors.ts';

/** File systems of other machines: SQLite's WAL needs memory that all its processes share. Types of Linux's statfs(2). */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB2',
  16914839: '9P',
  1397113167: 'AFS',
  1799439955: 'AFS',
  1937076805: 'Coda',
  12805120: 'Ceph',
  198183888: 'Lustre',
};

/** Makes the file's folder where it is missing. Throws `unavailable` when it cannot, or when the folder is another machine's. */
export function prepareFolder(path: string): void {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new MemoryError(
      'unavailable',
      `The folder ${folder} cannot be made: ${(error as Error).message}`,
      'Set DATABASE_URL to a file in a folder that this user may write to.',
      { cause: error },
    );
  }
  if (process.platform === 'linux') refuseNetwork(folder, statfsSync(folder).type);
}

/** @param type of statfs(2); some platforms give it as a negative number */
export function refuseNetwork(folder: string, type: number): void {
  const network = NETWORK_FILE_SYSTEMS[type >>> 0];
  if (!network) return;
  throw new MemoryError(
    'unavailable',
    `${folder} is on ${network}, where several processes cannot share a SQLite file safely.`,
    'Set DATABASE_URL to a file on a local disk.',
  );
}
