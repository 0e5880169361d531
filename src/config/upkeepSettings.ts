import { z } from 'zod';
import { LEARNING_GROUPS } from '../engine/model/learningGroups.ts';
import { settingMeta } from './settingMeta.ts';

/** What becomes of memories by themselves. */
export const upkeepSettings = {
  'compaction.threshold': z
    .number()
    .min(0.8)
    .max(1)
    .default(0.9)
    .describe(
      'Least similarity by meaning (cosine) of memories that are merged; their words must say the same besides.',
    )
    .register(settingMeta, { env: 'MEMORY_COMPACTION_THRESHOLD', scope: 'none' }),
  'compaction.unreviewed': z
    .boolean()
    .default(false)
    .describe('Also merge memories that no person has reviewed, among themselves.')
    .register(settingMeta, { env: 'MEMORY_COMPACTION_UNREVIEWED', scope: 'none' }),
  'promotion.uses': z
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(10)
    .describe('Uses that raise a memory of low priority to medium; thrice as many raise it to high.')
    .register(settingMeta, { env: 'MEMORY_PROMOTION_USES', scope: 'none' }),
  'promotion.users': z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(3)
    .describe('Or so many users: principals, such as several clients. Twice as many raise it to high.')
    .register(settingMeta, { env: 'MEMORY_PROMOTION_USERS', scope: 'none' }),
  'promotion.recentDays': z
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(30)
    .describe('Days within which a memory must have been used to rise.')
    .register(settingMeta, { env: 'MEMORY_PROMOTION_RECENT_DAYS', scope: 'none' }),
  'promotion.restDays': z
    .number()
    .int()
    .min(0)
    .max(36_500)
    .default(7)
    .describe('Days that a priority stays, whoever set it, before the memory rises by itself.')
    .register(settingMeta, { env: 'MEMORY_PROMOTION_REST_DAYS', scope: 'none' }),
  'learning.group': z
    .enum(LEARNING_GROUPS)
    .default('training_pipeline')
    .describe(
      'Group of readers of the learning queue that makes memories of it. An entry goes to one consumer of a group, so no other program should read as this one.',
    )
    .register(settingMeta, { env: 'MEMORY_LEARNING_GROUP', scope: 'none' }),
  'learning.namespace': z
    .string()
    .min(1)
    .default('learning')
    .describe('Namespace of the memories that are made of the learning queue.')
    .register(settingMeta, { env: 'MEMORY_LEARNING_NAMESPACE', scope: 'none' }),
};
