import { mergedFields, RECORD } from '../longTerm/recordOfMemory.ts';
import { LIMITS } from '../model/limits.ts';
import { type JsonValue, type Memory, type MemoryPatch, type Metadata, PRIORITIES } from '../model/memory.ts';
import type { Statement } from './statements.ts';

/** A memory with what it says. */
export interface Stated {
  readonly memory: Memory;
  readonly statement: Statement;
}

/** Who remains of two: who says more, then what is more important, trusted, used, and older. */
export function outranks(one: Stated, other: Stated): boolean {
  const [a, b] = [one.memory, other.memory];
  const order =
    other.statement.words.length - one.statement.words.length ||
    PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) ||
    b.trust - a.trust ||
    b.accessCount - a.accessCount ||
    a.createdAt - b.createdAt ||
    (a.id < b.id ? -1 : 1);
  return order < 0;
}

/**
 * What becomes of a memory that takes others in: all tags and metadata, the earliest creation, the highest priority and trust, the latest
 * expiry. What it says, and where it came from, stays.
 * @returns undefined where they cannot be one: their metadata disagree, or there would be too much of it
 */
export function mergedPatch(survivor: Memory, others: readonly Memory[]): MemoryPatch | undefined {
  const all = [survivor, ...others];
  const tags = [...new Set(all.flatMap(one => one.tags))].sort();
  const metadata = joined(all.map(one => one.metadata));
  if (tags.length > LIMITS.tags || !metadata) return undefined;
  return {
    tags,
    metadata,
    createdAt: Math.min(...all.map(one => one.createdAt)),
    priority: all.map(one => one.priority).sort((a, b) => PRIORITIES.indexOf(a) - PRIORITIES.indexOf(b))[0]!,
    trust: Math.max(...all.map(one => one.trust)),
    expiresAt: all.some(one => one.expiresAt === null) ? null : Math.max(...all.map(one => one.expiresAt!)),
  };
}

/**
 * What a survivor was before, as far as it is still what the merge made of it.
 * @param now an expiry that is over is not brought back: it would take the memory away at once
 */
export function unmergedPatch(
  before: Memory,
  merged: MemoryPatch,
  current: Memory,
  now: number,
): MemoryPatch {
  const same = (name: keyof MemoryPatch) => JSON.stringify(current[name]) === JSON.stringify(merged[name]);
  const names = (Object.keys(merged) as (keyof MemoryPatch)[]).filter(
    name => same(name) && (name !== 'expiresAt' || before.expiresAt === null || before.expiresAt > now),
  );
  const patch = Object.fromEntries(names.map(name => [name, before[name]])) as MemoryPatch;
  if (same('tags')) return patch;
  const brought = (merged.tags ?? []).filter(tag => !before.tags.includes(tag));
  return { ...patch, tags: current.tags.filter(tag => !brought.includes(tag)) };
}

/** undefined where two name one thing differently. */
function joined(all: readonly Metadata[]): Metadata | undefined {
  const found: Record<string, JsonValue> = Object.create(null);
  for (const metadata of all) {
    for (const [name, value] of Object.entries(metadata)) {
      if (name === RECORD) continue;
      if (name in found && JSON.stringify(found[name]) !== JSON.stringify(value)) return undefined;
      found[name] = value;
    }
  }
  const records = all.flatMap(metadata => metadata[RECORD] ?? []);
  if (records.length > 0) found[RECORD] = mergedFields(records);
  return JSON.stringify(found).length > LIMITS.metadataChars ? undefined : { ...found };
}
