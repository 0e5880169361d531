import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { one } from './engineSamples.ts';
import type { Sample } from './sampler.ts';

const lastBackup = z.object({ takenAtSeconds: z.number(), bytes: z.number() });

/** @param path `last-backup.json`, which deploy/backup/backup.sh writes once a copy was read and counted */
export function backupSample(path: string): Sample {
  return {
    name: 'backup',
    metrics: ['backupTime', 'backupBytes'],
    async read() {
      const text = await readFile(path, 'utf8').catch(error => {
        if (error.code !== 'ENOENT') throw error;
      });
      // None yet is as bad as one of long ago.
      if (text === undefined) return { backupTime: one(0) };
      const { bytes, takenAtSeconds } = lastBackup.parse(JSON.parse(text));
      return { backupTime: one(takenAtSeconds), backupBytes: one(bytes) };
    },
  };
}
