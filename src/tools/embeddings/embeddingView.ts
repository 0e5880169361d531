import { z } from 'zod';
import type { EmbeddingRecord } from '../../engine/ports/embeddingRecords.ts';
import { shortTime, time, toTime } from '../recordFields.ts';

const SHOWN_CHARS = 100;

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256: 64 lower-case hex digits')
  .describe('SHA-256 of the text');
export const vector = z.array(z.float32()).min(1).max(4096);
export const withVectors = z.boolean().default(false).describe('With the vectors themselves');

export const embeddingView = z.object({
  id: z.string().describe('SHA-256 of the text'),
  text: z.string(),
  source: z.string(),
  tool_context: z.string(),
  success: z.boolean(),
  stored_at: time,
  dimensions: z.number(),
  vector: z.array(z.number()).optional(),
});
type EmbeddingView = z.infer<typeof embeddingView>;

export function viewEmbedding(record: EmbeddingRecord, vectors: boolean): EmbeddingView {
  return {
    id: record.sha256,
    text: record.text,
    source: record.source,
    tool_context: record.toolContext,
    success: record.success,
    stored_at: toTime(record.storedAt),
    dimensions: record.vector.length,
    ...(vectors && { vector: [...record.vector] }),
  };
}

/** One line: when, which, how long, what. */
export function embeddingLine({ id, text, source, stored_at, dimensions }: EmbeddingView): string {
  const shown = text.replaceAll(/\s+/g, ' ');
  const cut = shown.length > SHOWN_CHARS ? `${shown.slice(0, SHOWN_CHARS)}…` : shown;
  return `${shortTime(stored_at)}  ${id}  ${dimensions} numbers${source === '' ? '' : `, ${source}`}: ${cut}`;
}
