import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import * as field from './fields.ts';
import { forgotten, summarizeForgotten } from './forgotten.ts';

export const invalidateFileCache = defineTool({
  name: 'invalidate_file_cache',
  title: 'Forget what was made of a file',
  description: 'Forgets what is cached in any cache and was made of the file with this hash.',
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ file_hash: field.key.describe('As it was given to cache_put') }),
  output: forgotten,
  async handle({ file_hash }, { engine }) {
    return { forgotten: await engine.caches.forget({ tag: file_hash }) };
  },
  summarize: summarizeForgotten,
});
