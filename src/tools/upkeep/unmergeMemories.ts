import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { mergeLine, mergeView, viewMerge } from './mergeView.ts';

export const unmergeMemories = defineTool({
  name: 'unmerge_memories',
  title: 'Take a merge apart',
  description:
    'Brings back the memories that a merge took in, and the survivor to what it was, but for what was changed since. They are not merged again by themselves.',
  effect: 'writes',
  set: 'admin',
  withinNamespaces: true,
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ merge_id: field.memoryId.describe('From compact_memories or list_merges') }),
  output: mergeView,
  async handle({ merge_id }, { engine, caller }) {
    return viewMerge(await engine.upkeep.merges.takeApart(merge_id, caller));
  },
  summarize: mergeLine,
});
