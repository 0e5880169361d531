import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { text } from '../recordFields.ts';
import { vector } from './embeddingView.ts';

export const storeEmbedding = defineTool({
  name: 'store_embedding',
  title: 'Store an embedding',
  description: `Keeps the vector of a text without end, under the SHA-256 of the text, for every program of the LAN.
Replaces what was stored for the same text. Memories get their vectors by themselves: for them, use store_memory.`,
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    text: z.string().min(1).max(100_000).describe('What was embedded'),
    vector: vector.describe('Its numbers, as the model made them; kept as float32'),
    source: text(500).describe('Where the text came from; session:<id> lists it under that session'),
    tool_context: text(10_000).describe('What the tool was doing that met the text'),
    success: z.boolean().default(true).describe('Whether that went well'),
  }),
  output: z.object({ id: z.string().describe('SHA-256 of the text'), dimensions: z.number() }),
  async handle({ text, vector, source, tool_context, success }, { engine }) {
    const sha256 = engine.sha256(text);
    const embedding = {
      ...{ sha256, vector: Float32Array.from(vector), text, source },
      ...{ toolContext: tool_context, success },
    };
    await engine.records.embeddings.put([embedding]);
    return { id: sha256, dimensions: vector.length };
  },
  summarize: ({ id, dimensions }) => `Stored ${dimensions} numbers under ${id}.`,
});
