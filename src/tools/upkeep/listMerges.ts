import { z } from 'zod';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { lines } from '../recordFields.ts';
import { mergeLine, mergeView, viewMerge } from './mergeView.ts';

export const listMerges = defineTool({
  name: 'list_merges',
  title: 'List what was merged',
  description:
    'The latest merges of compact_memories and of the worker, newest first, with the ids that unmerge_memories takes.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    limit: field.limit(20, 1000).describe('How many'),
    namespace: field.readNamespace,
  }),
  output: z.object({ merges: z.array(mergeView) }),
  async handle({ limit, namespace }, { engine, caller }) {
    const namespaces = readNamespaces(namespace, caller);
    return { merges: (await engine.upkeep.merges.list(namespaces, limit, caller)).map(viewMerge) };
  },
  summarize: ({ merges }) => lines(merges, mergeLine, 'Nothing was merged.'),
});
