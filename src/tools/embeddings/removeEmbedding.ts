import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { sha256 } from './embeddingView.ts';

export const removeEmbedding = defineTool({
  name: 'remove_embedding',
  title: 'Remove an embedding',
  description: 'Forgets the embedding of one text. Nothing happens where there is none.',
  effect: 'destroys',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ sha256 }),
  output: z.object({ id: z.string() }),
  async handle({ sha256 }, { engine }) {
    await engine.records.embeddings.remove(sha256);
    return { id: sha256 };
  },
  summarize: ({ id }) => `There is no embedding ${id} any more.`,
});
