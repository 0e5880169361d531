import { z } from 'zod';
import type { MemoryError } from '../engine/errors.ts';
import { readIntervals } from '../engine/model/intervals.ts';
import { settingMeta } from './settingMeta.ts';

/** `memory-central worker`, and what it leaves. */
export const workerSettings = {
  'worker.concurrency': z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(2)
    .describe('Jobs that one worker does at once.')
    .register(settingMeta, { env: 'WORKER_CONCURRENCY', scope: 'none' }),
  'worker.schedule': z
    .string()
    .default('')
    .superRefine((text, context) => {
      try {
        readIntervals(text);
      } catch (error) {
        const { message, fix } = error as MemoryError;
        // It stands within a sentence.
        context.addIssue({ code: 'custom', message: `${message} ${fix}`.replace(/\.$/, '') });
      }
    })
    .describe(
      'How often jobs are done by themselves, where not as usual, such as `embed=5m compact=12h backup=off`: seconds, minutes, hours, days, or `off`.',
    )
    .register(settingMeta, { env: 'WORKER_SCHEDULE', scope: 'none' }),
  'worker.graceSeconds': z
    .number()
    .int()
    .min(0)
    .max(3600)
    .default(20)
    .describe(
      'Seconds that a worker that is to stop leaves its jobs; then it gives them back, and another begins them again.',
    )
    .register(settingMeta, { env: 'WORKER_GRACE_SECONDS', scope: 'none' }),
  'worker.healthHost': z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address on which worker.healthPort is listened on; whoever reaches it needs no token.')
    .register(settingMeta, { env: 'WORKER_HEALTH_HOST', scope: 'none' }),
  'worker.healthPort': z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe('Port on which a worker says at `/health` whether it reaches its jobs, for probes. 0: none.')
    .register(settingMeta, { env: 'WORKER_HEALTH_PORT', scope: 'none' }),
  'backup.folder': z
    .string()
    .default('')
    .describe('Folder for copies of the store of this machine. Empty: `backups` in the data directory.')
    .register(settingMeta, { env: 'BACKUP_FOLDER', scope: 'none' }),
  'backup.keep': z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(7)
    .describe('Copies of the store that are kept; the oldest go.')
    .register(settingMeta, { env: 'BACKUP_KEEP', scope: 'none' }),
};
