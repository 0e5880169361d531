import type { Memory, MemoryPatch, Visibility } from '../../../engine/model/memory.ts';
import { MERGER, type Operation } from '../../../engine/model/operation.ts';
import type { Row } from '../driver.ts';
import { toKept } from '../memoryWriter.ts';
import { toOperation } from '../operationRow.ts';
import type { Late, MergeParts } from './mergeParts.ts';
import { mergedReview } from './mergeReview.ts';
import { redirected } from './standIn.ts';
import type { Travelling } from './travelling.ts';

/** Who wrote what a merge adds. */
const MERGE = { principal: { id: MERGER }, instance: MERGER };
/** The stricter the later. */
const STRICTNESS: readonly Visibility[] = ['public', 'shared', 'private'];
/** Of these neither value is lost. */
const MERGED: readonly string[] = ['tags', 'visibility', 'sensitive', 'review', 'unreviewedBy'];
/** Of a memory that two machines created under one id, what the later one may set. */
const DESCRIPTIVE = ['content', 'metadata', 'tags', 'type', 'priority', 'visibility', 'sensitive'] as const;

/**
 * Does a change again after what others did to the same memory. Tags merge as what was added and removed, visibility and encryption
 * towards the stricter, and what was accepted without all that was changed is unreviewed; of two values of any other field, and of an edit and a deletion, the later by the clock stands. What loses is
 * done, too, and then taken back: so it is a version that history shows and undo brings back, on every machine.
 *
 * @param theirs their operations on this memory, as rows
 */
export function mergeChange(parts: MergeParts, late: Late, theirs: readonly Row[]): void {
  const { database, replayer, vault } = parts;
  const mine = toOperation({ ...late.operation, seq: 0 }, vault);
  const row = database.get('SELECT * FROM memories WHERE id = ?', mine.memoryId);
  // Where one before it did not fit any more, it comes after another version than it did.
  const asItWas = theirs.length === 0 && mine.kind !== 'create' && row?.['version'] === mine.version - 1;
  if (!row || asItWas) {
    replayer.replay(late);
    return;
  }
  const { deleted, memory } = toKept(row, vault);
  const others = theirs.map(one => toOperation({ ...one, seq: 0 }, vault));
  const later = others.filter(other => other.clock > mine.clock && other.kind !== 'create');
  const outdone = later.length > 0;
  if (mine.instance === MERGE.instance) {
    mergeMerge(parts, late, mine, later);
  } else if (mine.kind === 'create' && deleted) {
    createAnew(parts, late, memory, mine);
  } else if (mine.kind === 'delete') {
    if (deleted) return;
    replay(parts, late, memory, {});
    if (outdone) restore(parts, mine.memoryId, latest(later));
  } else if (mine.kind === 'restore') {
    if (deleted) replay(parts, late, memory, mine.patch);
  } else {
    const patch = mine.kind === 'create' ? described(mine.patch, memory) : mine.patch;
    if (Object.keys(patch).length === 0) return;
    if (deleted) restore(parts, mine.memoryId, mine.clock);
    update(parts, late, { ...mine, patch }, others);
    if (!deleted || !outdone) return;
    dated(parts, parts.writer.delete(find(parts, mine.memoryId), MERGE), latest(later));
  }
}

/** What an earlier merge added here: where more has come that is later than what won then, it is no longer needed. */
function mergeMerge(parts: MergeParts, late: Late, mine: Operation, later: readonly Operation[]): void {
  const { deleted, memory } = find(parts, mine.memoryId);
  if (mine.kind === 'delete') {
    if (!deleted && later.length === 0) replay(parts, late, memory, {});
  } else if (mine.kind === 'restore') {
    if (deleted && !later.some(other => other.kind === 'delete')) replay(parts, late, memory, mine.patch);
  } else {
    const kept = Object.entries(mine.patch).filter(([name]) => !later.some(other => name in other.patch));
    if (!deleted && kept.length > 0) replay(parts, late, memory, Object.fromEntries(kept));
  }
}

/** In the place of one that was deleted, where that was the owner's; else under the id of the operation. */
function createAnew(
  parts: MergeParts,
  { operation, versions }: Late,
  deleted: Memory,
  mine: Operation,
): void {
  const owner = (mine.patch as Memory).owner;
  const place =
    owner === deleted.owner
      ? { ...operation, version: deleted.version + 1 }
      : { ...redirected(parts, operation, mine.id), version: 1 };
  parts.replayer.replay({ operation: place, ...(versions && { versions }) });
}

function update(parts: MergeParts, late: Late, mine: Operation, others: readonly Operation[]): void {
  const { patch } = mine;
  const { memory } = find(parts, mine.memoryId);
  const merged: Record<string, unknown> = { ...patch, ...mergedReview(mine, others, memory) };
  if (patch.tags) merged['tags'] = mergeTags(memory.tags, late.tagsBefore, patch.tags);
  if (patch.visibility) merged['visibility'] = stricter(memory.visibility, patch.visibility);
  if (patch.sensitive !== undefined) merged['sensitive'] = memory.sensitive || patch.sensitive;
  replay(parts, { operation: { ...late.operation, kind: 'update' } }, memory, merged as MemoryPatch);
  const lost = new Map<string, (keyof MemoryPatch)[]>();
  for (const name of Object.keys(patch) as (keyof MemoryPatch)[]) {
    if (MERGED.includes(name)) continue;
    const winners = others.filter(other => name in other.patch && other.clock > mine.clock);
    if (winners.length === 0) continue;
    const clock = latest(winners);
    lost.set(clock, [...(lost.get(clock) ?? []), name]);
  }
  for (const [clock, names] of lost) {
    const back = Object.fromEntries(names.map(name => [name, memory[name]])) as MemoryPatch;
    dated(parts, parts.writer.patch(find(parts, mine.memoryId), back, MERGE).operation, clock);
  }
}

function latest(operations: readonly Operation[]): string {
  return operations
    .map(({ clock }) => clock)
    .sort()
    .at(-1)!;
}

/** What a merge adds is as late as what won: others may still come with what was done before the merge, but after that. */
function dated({ database }: MergeParts, { id }: Operation, clock: string): void {
  database.run('UPDATE operations SET clock = ? WHERE id = ?', clock, id);
}

/** The operation as it was, but for the version it finds and the fields it sets. */
function replay(
  { replayer, vault }: MergeParts,
  { operation }: Travelling,
  memory: Memory,
  patch: MemoryPatch,
): void {
  const after = { ...memory, ...patch };
  replayer.replay({
    operation: {
      ...operation,
      version: memory.version + 1,
      visibility: after.visibility,
      shared_with: JSON.stringify(after.sharedWith),
      patch: vault.toJson(patch, after),
    },
  });
}

/** @param clock of what wins over the deletion */
function restore(parts: MergeParts, memoryId: string, clock: string): void {
  dated(parts, parts.writer.restore(find(parts, memoryId), {}, MERGE), clock);
}

function find({ database, vault }: MergeParts, id: string) {
  return toKept(database.get('SELECT * FROM memories WHERE id = ?', id)!, vault);
}

function mergeTags(now: readonly string[], before: readonly string[], wanted: readonly string[]): string[] {
  const removed = new Set(before.filter(tag => !wanted.includes(tag)));
  return [...new Set([...now, ...wanted.filter(tag => !before.includes(tag))])]
    .filter(tag => !removed.has(tag))
    .sort();
}

function stricter(one: Visibility, other: Visibility): Visibility {
  return STRICTNESS.indexOf(one) > STRICTNESS.indexOf(other) ? one : other;
}

function described(patch: MemoryPatch, memory: Memory): MemoryPatch {
  const differs = DESCRIPTIVE.filter(name => JSON.stringify(patch[name]) !== JSON.stringify(memory[name]));
  return Object.fromEntries(differs.map(name => [name, patch[name]]));
}
