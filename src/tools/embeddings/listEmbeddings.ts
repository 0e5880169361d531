import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { count, lines } from '../recordFields.ts';
import { embeddingLine, embeddingView, viewEmbedding, withVectors } from './embeddingView.ts';

export const listEmbeddings = defineTool({
  name: 'list_embeddings',
  title: 'List embeddings',
  description:
    'Returns the embeddings that were stored last, newest first; those of one session, or all. To search by meaning, use nearest_embeddings.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    limit: count(20).describe('At most so many'),
    session_id: z.string().min(1).max(200).optional().describe('Only those whose source was this session'),
    with_vectors: withVectors,
  }),
  output: z.object({ embeddings: z.array(embeddingView) }),
  async handle({ limit, session_id, with_vectors }, { engine }) {
    const recent = await engine.records.embeddings.recent(limit, session_id);
    return { embeddings: recent.map(record => viewEmbedding(record, with_vectors)) };
  },
  summarize: ({ embeddings }) => lines(embeddings, embeddingLine, 'No embeddings.'),
});
