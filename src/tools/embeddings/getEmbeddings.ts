import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { lines } from '../recordFields.ts';
import { embeddingLine, embeddingView, sha256, viewEmbedding, withVectors } from './embeddingView.ts';

export const getEmbeddings = defineTool({
  name: 'get_embeddings',
  title: 'Get embeddings',
  description: 'Returns embeddings by the SHA-256 of their texts, and which of them are not there.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    sha256: z.array(sha256).min(1).max(1000).describe('SHA-256 of each text'),
    with_vectors: withVectors,
  }),
  output: z.object({ embeddings: z.array(embeddingView), missing: z.array(z.string()) }),
  async handle({ sha256, with_vectors }, { engine }) {
    const found = await engine.records.embeddings.get(sha256);
    return {
      embeddings: found.flatMap(record => (record ? [viewEmbedding(record, with_vectors)] : [])),
      missing: sha256.filter((_, i) => found[i] === undefined),
    };
  },
  summarize: ({ embeddings, missing }) =>
    [
      ...(embeddings.length > 0 ? [lines(embeddings, embeddingLine, '')] : []),
      ...missing.map(one => `${one.slice(0, 12)} is not there.`),
    ].join('\n'),
});
