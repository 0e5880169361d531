import { basename } from 'node:path';
import { z } from 'zod';
import { EXPORT_FORMAT, EXPORT_VERSION } from '../../engine/export/exportMemories.ts';
import { MEMORY_TYPES, PRIORITIES, REVIEW_STATES, VISIBILITIES } from '../../engine/model/memory.ts';
import type { ExportedMemory, ImportSource } from '../../engine/ports/importSource.ts';
import { readLines } from './readLines.ts';

const time = z.number().int().nonnegative();
const anchor = z.strictObject({
  repository: z.string().optional(),
  path: z.string(),
  commit: z.string().optional(),
  startLine: z.number().optional(),
  endLine: z.number().optional(),
  textHash: z.string().optional(),
});

const memory = z.strictObject({
  id: z.string().min(1),
  namespace: z.string(),
  agent: z.string().nullable(),
  owner: z.string().min(1).max(1000),
  type: z.enum(MEMORY_TYPES),
  priority: z.enum(PRIORITIES),
  visibility: z.enum(VISIBILITIES),
  sharedWith: z.array(z.string()),
  content: z.string(),
  contentHash: z.string(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.json()),
  session: z.string().nullable(),
  pinned: z.boolean(),
  createdAt: z.number().int(),
  updatedAt: time,
  accessedAt: time,
  accessCount: time,
  expiresAt: time.nullable(),
  version: z.number().int().min(1),
  externalId: z.string().nullable(),
  provenance: z.strictObject({ source: z.string().min(1), uri: z.string().optional() }),
  trust: z.number().min(0).max(1),
  review: z.enum(REVIEW_STATES),
  supersedes: z.string().nullable(),
  validFrom: z.number().nullable(),
  validUntil: z.number().nullable(),
  anchors: z.array(anchor),
});

const record = z.strictObject({
  memory,
  versions: z
    .array(
      z.strictObject({
        version: z.number().int().min(1),
        memory,
        replacedBy: z.string(),
        replacedAt: time,
      }),
    )
    .default([]),
});

const header = z.object({ format: z.literal(EXPORT_FORMAT), version: z.number() });

/** An export of Memory Central; each memory is checked, none is guessed. */
export function jsonlSource(path: string): ImportSource {
  return {
    kind: 'jsonl',
    prefix: '',
    complete: false,
    async *items(signal) {
      for await (const { line, number } of readLines(path, signal)) {
        const where = `${basename(path)}:${number}`;
        const value = parseJson(line);
        const found = header.safeParse(value);
        if (found.success) {
          if (found.data.version <= EXPORT_VERSION) continue;
          yield { where, reason: `The export is of version ${found.data.version}, from a newer release.` };
          return;
        }
        const parsed = record.safeParse(value);
        // The schema says what the type says; only that absent fields are absent, not undefined, it cannot tell.
        if (parsed.success) yield parsed.data as unknown as ExportedMemory;
        else yield { where, reason: reasonOf(value, parsed.error) };
      }
    },
  };
}

function reasonOf(value: unknown, error: z.ZodError): string {
  if (value === undefined) return 'It is no JSON.';
  const [issue] = error.issues;
  return `${issue?.path.join('.') || 'The line'}: ${issue?.message}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
