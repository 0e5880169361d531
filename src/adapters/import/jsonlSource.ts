import { basename } from 'node:path';
import { z } from 'zod';
import { EXPORT_FORMAT, EXPORT_VERSION } from '../../engine/export/exportMemories.ts';
import { MEMORY_TYPES, PRIORITIES, REVIEW_STATES, VISIBILITIES } from '../../engine/model/memory.ts';
import { isNestedDeeper, MOST_LEVELS } from '../../engine/model/nesting.ts';
import type { ExportedMemory, ImportSource } from '../../engine/ports/importSource.ts';
import { readLines } from './readLines.ts';

/** The years 0 to 9999, ms: others cannot be shown. */
const instant = z.number().int().min(-62_167_219_200_000).max(253_402_300_799_999);
const time = instant.nonnegative();
const line = z.number().int().nonnegative();
const anchor = z.strictObject({
  repository: z.string().optional(),
  path: z.string(),
  commit: z.string().optional(),
  startLine: line.optional(),
  endLine: line.optional(),
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
  sensitive: z.boolean(),
  createdAt: instant,
  updatedAt: time,
  accessedAt: time,
  accessCount: z.number().int().nonnegative(),
  expiresAt: time.nullable(),
  version: z.number().int().min(1),
  externalId: z.string().nullable(),
  provenance: z.strictObject({ source: z.string().min(1), uri: z.string().optional() }),
  trust: z.number().min(0).max(1),
  review: z.enum(REVIEW_STATES),
  unreviewedBy: z.string().max(1000).nullable().default(null),
  supersedes: z.string().nullable(),
  validFrom: instant.nullable(),
  validUntil: instant.nullable(),
  anchors: z.array(anchor),
});

const record = z
  .strictObject({
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
  })
  .refine(
    ({ memory: { version }, versions }) =>
      versions.every((one, i) => one.version < (versions[i + 1]?.version ?? version)),
    { path: ['versions'], message: 'must rise, and come before the memory’s own' },
  );

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
        if (isNestedDeeper(value)) {
          yield { where, reason: `It is nested more than ${MOST_LEVELS} levels deep.` };
          continue;
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
