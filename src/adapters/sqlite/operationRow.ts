import type { Caller } from '../../engine/model/caller.ts';
import type { MemoryPatch } from '../../engine/model/memory.ts';
import type { Operation, OperationKind } from '../../engine/model/operation.ts';
import type { Database } from './database.ts';
import type { Row } from './driver.ts';
import type { Labels } from './memoryRow.ts';
import type { Vault } from './vault.ts';

/** What a change says of itself; the log adds sequence, id, clock and time. */
export interface Change {
  readonly kind: OperationKind;
  /** As it is after the change. */
  readonly memory: Labels;
  readonly patch: MemoryPatch;
  readonly undoes?: string | undefined;
}

/** Who is acting: a caller, or housekeeping. */
export type Actor = Pick<Caller, 'instance'> & { readonly principal: { readonly id: string } };

/** Where a change is logged, inside the transaction of the change itself. */
export interface OperationAppender {
  append(change: Change, actor: Actor): Operation;
}

/** Appends to the operation log, inside the transaction of the change itself. */
export class OperationWriter implements OperationAppender {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #replica: string;
  readonly #newId: () => string;
  readonly #now: () => number;

  constructor(database: Database, vault: Vault, replica: string, newId: () => string, now: () => number) {
    this.#database = database;
    this.#vault = vault;
    this.#replica = replica;
    this.#newId = newId;
    this.#now = now;
  }

  append({ kind, memory, patch, undoes }: Change, actor: Actor): Operation {
    const at = this.#now();
    const operation = {
      id: this.#newId(),
      kind,
      memoryId: memory.id,
      namespace: memory.namespace,
      principal: actor.principal.id,
      instance: actor.instance,
      clock: this.#tick(at),
      at,
      version: memory.version,
      patch,
      undoes: undoes ?? null,
    };
    const { lastInsertRowid } = this.#database.run(
      `INSERT INTO operations (id, kind, memory_id, namespace, principal, instance, clock, at, version, undoes,
         visibility, shared_with, patch)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      operation.id,
      operation.kind,
      operation.memoryId,
      operation.namespace,
      operation.principal,
      operation.instance,
      operation.clock,
      operation.at,
      operation.version,
      operation.undoes,
      memory.visibility,
      JSON.stringify(memory.sharedWith),
      this.#vault.toJson(patch, memory),
    );
    return { seq: lastInsertRowid, ...operation };
  }

  /** Hybrid logical clock (Kulkarni et al. 2014): never behind the newest entry, whatever the wall clock does. */
  #tick(now: number): string {
    const newest = this.#database.get('SELECT clock FROM operations ORDER BY seq DESC LIMIT 1')?.['clock'] as
      | string
      | undefined;
    const [ms = 0, counter = 0] =
      newest
        ?.split('-')
        .slice(0, 2)
        .map(part => Number.parseInt(part, 16)) ?? [];
    const next = now > ms ? { ms: now, counter: 0 } : { ms, counter: counter + 1 };
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
    // A counter that overflows its four digits moves the clock on by a millisecond.
    const carried = next.counter > 0xffff ? { ms: next.ms + 1, counter: 0 } : next;
    return `${hex(carried.ms, 12)}-${hex(carried.counter, 4)}-${this.#replica}`;
  }
}

export function toOperation(row: Row, vault: Vault): Operation {
  const memoryId = row['memory_id'] as string;
  return {
    seq: row['seq'] as number,
    id: row['id'] as string,
    kind: row['kind'] as OperationKind,
    memoryId,
    namespace: row['namespace'] as string,
    principal: row['principal'] as string,
    instance: row['instance'] as string,
    clock: row['clock'] as string,
    at: row['at'] as number,
    version: row['version'] as number,
    patch: vault.fromJson<MemoryPatch>(row['patch'] as string, memoryId),
    undoes: row['undoes'] as string | null,
  };
}
