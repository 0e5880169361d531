import { z } from 'zod';
import { nearestRecent } from '../../engine/records/nearestRecent.ts';
import { defineTool } from '../defineTool.ts';
import { count, lines } from '../recordFields.ts';
import { embeddingLine, embeddingView, vector, viewEmbedding, withVectors } from './embeddingView.ts';

export const nearestEmbeddings = defineTool({
  name: 'nearest_embeddings',
  title: 'Find near embeddings',
  description: `Searches the embeddings that were stored last for those nearest to a vector, best first, with their cosine.
Vectors of another length are of another model, and left out. To search memories, use semantic_search.`,
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    vector: vector.describe('What to look for, of the same model'),
    limit: count(10).describe('At most so many'),
    among: count(100).describe('How many of the last ones are looked at'),
    with_vectors: withVectors,
  }),
  output: z.object({
    embeddings: z.array(embeddingView.extend({ score: z.number().min(-1).max(1) })),
  }),
  async handle({ vector, limit, among, with_vectors }, { engine }) {
    const near = await nearestRecent(engine.records.embeddings, Float32Array.from(vector), limit, among);
    return {
      embeddings: near.map(({ record, score }) => ({ ...viewEmbedding(record, with_vectors), score })),
    };
  },
  summarize: ({ embeddings }) =>
    lines(embeddings, one => `${one.score.toFixed(3)}  ${embeddingLine(one)}`, 'Nothing near.'),
});
