import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import * as field from './fields.ts';
import { forgotten, summarizeForgotten } from './forgotten.ts';

export const invalidateSearchCache = defineTool({
  name: 'invalidate_search_cache',
  title: 'Forget cached answers',
  description:
    'Forgets the cached answers to questions that match a pattern. Answers about memories need it never: a change of a memory ends them.',
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ pattern: field.key.describe('Of the question; * stands for anything') }),
  output: forgotten,
  async handle({ pattern }, { engine }) {
    return { forgotten: await engine.caches.forget({ cache: 'responses', pattern }) };
  },
  summarize: summarizeForgotten,
});
