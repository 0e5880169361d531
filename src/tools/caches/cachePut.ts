import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import * as field from './fields.ts';

const DAY_S = 86_400;

export const cachePut = defineTool({
  name: 'cache_put',
  title: 'Put into a cache',
  description:
    'Keeps a value for a while where other processes and machines find it: answers and context bundles an hour, models and processing results a day, sessions 30 minutes after their last use. A full or absent cache is no error: stored is false then.',
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    cache: field.cache,
    key: field.key.describe('Of an answer: the question; of a file: path or hash'),
    value: z.json(),
    file_hash: field.key.optional().describe('The file it was made of, for invalidate_file_cache'),
    ttl_seconds: z
      .number()
      .int()
      .min(1)
      .max(365 * DAY_S)
      .optional()
      .describe("Default: the cache's own"),
  }),
  output: z.object({ stored: z.boolean() }),
  async handle({ cache, key, value, file_hash, ttl_seconds }, { engine, caller }) {
    const stored = await engine.caches.put(cache, field.keyFor(cache, key, caller), value, {
      ...(file_hash !== undefined && { tags: [file_hash] }),
      ...(ttl_seconds !== undefined && { ttlMs: ttl_seconds * 1000 }),
    });
    return { stored };
  },
  summarize: ({ stored }) => (stored ? 'Stored.' : 'Not stored: the cache does not take it now.'),
});
