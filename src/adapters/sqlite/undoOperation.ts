import { MemoryError } from '../../engine/errors.ts';
import { type Caller, viewerOf } from '../../engine/model/caller.ts';
import type { Memory, MemoryPatch } from '../../engine/model/memory.ts';
import type { Operation } from '../../engine/model/operation.ts';
import { checkMayChange } from './checkMayChange.ts';
import type { Database } from './database.ts';
import type { MemoryWriter } from './memoryWriter.ts';
import { toOperation } from './operationRow.ts';
import type { Vault } from './vault.ts';

/** See `MemoryStore.undo`; inside a write transaction. What it does is an operation too, and can be undone. */
export function undoOperation(
  database: Database,
  vault: Vault,
  writer: MemoryWriter,
  operationId: string,
  caller: Caller,
  now: number,
): Operation {
  const row = database.get('SELECT * FROM operations WHERE id = ?', operationId);
  const operation = row && toOperation(row, vault);
  const kept = operation && writer.find(operation.memoryId, viewerOf(caller));
  if (!operation || !kept) {
    throw new MemoryError(
      'not_found',
      `There is no change "${operationId}" that you may see.`,
      'Look it up with memory_history.',
    );
  }
  if (kept.memory.version !== operation.version) {
    throw new MemoryError(
      'conflict',
      `The memory "${operation.memoryId}" has changed since (version ${kept.memory.version}); nothing was changed.`,
      'Undo the later changes first, newest first.',
    );
  }
  switch (operation.kind) {
    case 'create':
    case 'restore':
      return writer.delete(kept, caller, operation.id);
    case 'delete':
      return writer.restore(kept, liftedExpiry(kept.memory, now), caller, operation.id);
    case 'update': {
      const patch = fieldsOf(versionBefore(database, vault, kept.num, operation), operation.patch);
      checkMayChange(kept.memory, patch, caller);
      return writer.patch(kept, patch, caller, operation.id).operation;
    }
  }
}

function versionBefore(database: Database, vault: Vault, num: number, operation: Operation): Memory {
  const row = database.get(
    'SELECT memory FROM memory_versions WHERE num = ? AND replaced_by = ?',
    num,
    operation.id,
  );
  if (row) return vault.fromJson<Memory>(row['memory'] as string, operation.memoryId);
  throw new MemoryError(
    'not_found',
    'The version before that change is no longer kept.',
    'Edit the memory instead.',
  );
}

/** An expiry that is over is lifted: it would take the memory away again at once. */
function liftedExpiry({ expiresAt }: Memory, now: number): MemoryPatch {
  return expiresAt !== null && expiresAt <= now ? { expiresAt: null } : {};
}

/** The old values of the fields that were set. */
function fieldsOf(before: Memory, patch: MemoryPatch): MemoryPatch {
  const names = Object.keys(patch) as (keyof MemoryPatch)[];
  return Object.fromEntries(names.map(name => [name, before[name]]));
}
