import { z } from 'zod';
import { CACHE_NAMES } from '../../engine/caches/cacheNames.ts';
import { MemoryError } from '../../engine/errors.ts';
import { defineTool } from '../defineTool.ts';
import { forgotten, summarizeForgotten } from './forgotten.ts';

export const clearCache = defineTool({
  name: 'clear_cache',
  title: 'Clear caches',
  description:
    'Forgets everything in one shared cache, or in all of them: conversations and sessions too. Memories stay. Without confirm: true nothing is done.',
  effect: 'destroys',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    cache: z.enum(CACHE_NAMES).optional().describe('Only this one'),
    confirm: z.boolean().optional(),
  }),
  output: forgotten,
  async handle({ cache, confirm }, { engine }) {
    if (confirm !== true)
      throw new MemoryError(
        'invalid_input',
        `Nothing was cleared: that forgets everything in ${cache ?? 'all caches'}.`,
        'Say confirm: true.',
      );
    return { forgotten: await engine.caches.forget(cache === undefined ? {} : { cache }) };
  },
  summarize: summarizeForgotten,
});
