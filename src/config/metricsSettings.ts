import { z } from 'zod';
import { settingMeta } from './settingMeta.ts';

/** What the central server and the worker tell Prometheus. */
export const metricsSettings = {
  'metrics.host': z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address on which metrics.port is listened on; whoever reaches it needs no token.')
    .register(settingMeta, { env: 'METRICS_HOST', scope: 'none' }),
  'metrics.port': z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe(
      'Port with nothing but `/metrics`, for `memory-central worker` and for a server that Prometheus has no token of. 0: none.',
    )
    .register(settingMeta, { env: 'METRICS_PORT', scope: 'none' }),
  'metrics.sampleSeconds': z
    .number()
    .min(0)
    .max(3600)
    .default(10)
    .describe(
      'Seconds for which a gauge that has to be asked for, such as the length of a queue, is not read anew.',
    )
    .register(settingMeta, { env: 'METRICS_SAMPLE_SECONDS', scope: 'none' }),
  'metrics.integrityHours': z
    .number()
    .min(0)
    .max(500)
    .default(24)
    .describe(
      'Hours after which the server compares its search index with the store again. 0: never by itself.',
    )
    .register(settingMeta, { env: 'METRICS_INTEGRITY_HOURS', scope: 'none' }),
  'metrics.backupFile': z
    .string()
    .default('')
    .describe(
      '`last-backup.json` that deploy/backup/backup.sh writes, to tell the age of the last good backup.',
    )
    .register(settingMeta, { env: 'METRICS_BACKUP_FILE', scope: 'none' }),
};
