import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import * as field from './fields.ts';

type Json = z.infer<z.ZodJSONSchema>;

export const cacheGet = defineTool({
  name: 'cache_get',
  title: 'Look into a cache',
  description:
    'Returns what was put into a shared cache with cache_put, while it lives. A session is extended by it; bytes come as base64. To remember for good, use store_memory.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ cache: field.cache, key: field.key }),
  output: z.object({ found: z.boolean(), value: z.json().optional() }),
  async handle({ cache, key }, { engine, caller }) {
    const value = await engine.caches.get(cache, field.keyFor(cache, key, caller));
    return value === undefined ? { found: false } : { found: true, value: asJson(value) };
  },
  summarize: ({ found, value }) => (found ? JSON.stringify(value) : 'Not there.'),
});

/** What a cache may hold: JSON, and bytes. */
function asJson(value: unknown): Json {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(asJson);
  if (value === null || typeof value !== 'object') return value as Json;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asJson(item)]));
}
