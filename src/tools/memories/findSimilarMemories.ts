import { z } from 'zod';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { recallView, summarizeRecall, viewRecall } from './views.ts';

export const findSimilarMemories = defineTool({
  name: 'find_similar_memories',
  title: 'Find similar memories',
  description: 'Memories near in meaning to the given one. For a question in words, use semantic_search.',
  effect: 'reads',
  set: 'memory',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    memory_id: field.memoryId,
    similarity_threshold: field.threshold,
    limit: field.limit(8),
    namespace: field.readNamespace,
  }),
  output: recallView,
  async handle({ memory_id, similarity_threshold, limit, namespace }, { engine, caller, signal }) {
    const namespaces = readNamespaces(namespace, caller);
    const answer = await engine.recall.similar(
      memory_id,
      { limit, threshold: similarity_threshold, ...(namespaces && { namespaces }) },
      caller,
      signal,
    );
    const stale = await engine.anchors.stale(answer.memories.map(({ memory }) => memory));
    return viewRecall(answer, stale, '', caller.namespace, false);
  },
  summarize: summarizeRecall,
});
