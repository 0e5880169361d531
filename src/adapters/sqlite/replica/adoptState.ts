import type { Memory } from '../../../engine/model/memory.ts';
import type { CentralState } from '../../../engine/ports/replica.ts';
import type { Row } from '../driver.ts';
import { toLabels, toMemory } from '../memoryRow.ts';
import type { MergeParts } from './mergeParts.ts';
import { canRead, writeState } from './writeState.ts';

/**
 * Writes a memory as it is in the central log, whatever is here; inside a write transaction.
 * @param seq a new sequence, so that indexes learn of it
 * @returns what happened to it meanwhile, as one operation that can be merged with
 */
export function adoptState(parts: MergeParts, { state, versions }: CentralState, seq: () => number): Row {
  const { database, vault } = parts;
  const before = database.get('SELECT * FROM memories WHERE id = ?', state['id']!);
  const readable = canRead(parts, state);
  // Read before it is written over.
  const then = before && readable ? toMemory(before, vault) : undefined;
  const after = writeState(
    parts,
    state,
    versions.map(text => JSON.parse(text) as Row),
    seq,
  );
  const now = toLabels(after);
  const patch = readable ? difference(then, toMemory(after, vault)) : {};
  return {
    ...{ id: `adopted ${now.id}`, kind: kindOf(before, after), memory_id: now.id, namespace: now.namespace },
    ...{ principal: now.owner, instance: 'central', clock: state['clock']!, at: now.updatedAt },
    ...{ version: now.version, undoes: null, visibility: now.visibility },
    ...{ shared_with: JSON.stringify(now.sharedWith), patch: vault.toJson(patch, now) },
  };
}

function kindOf(before: Row | undefined, after: Row): string {
  if (!before) return 'create';
  return after['deleted_at'] === null ? 'update' : 'delete';
}

function difference(before: Memory | undefined, after: Memory): Partial<Memory> {
  if (!before) return after;
  const names = (Object.keys(after) as (keyof Memory)[]).filter(
    name => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  return Object.fromEntries(names.map(name => [name, after[name]]));
}
