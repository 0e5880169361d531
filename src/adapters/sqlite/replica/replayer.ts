import { MemoryError } from '../../../engine/errors.ts';
import type { Memory } from '../../../engine/model/memory.ts';
import type { MemoryVersion } from '../../../engine/ports/memoryStore.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { MemoryWriter, toKept } from '../memoryWriter.ts';
import type { Vault } from '../vault.ts';
import { ReplayedLog } from './replayedLog.ts';
import type { Travelling } from './travelling.ts';
import { canRead, writeState } from './writeState.ts';

/** Does here what was done elsewhere, inside a write transaction. */
export class Replayer {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #log: ReplayedLog;
  readonly #writer: MemoryWriter;
  /** A machine without the key cannot tell that it makes a twin: what the log has is taken. */
  readonly #follower: MemoryWriter;

  constructor(database: Database, vault: Vault, sha256: (text: string) => string) {
    this.#database = database;
    this.#vault = vault;
    this.#log = new ReplayedLog(database, vault);
    this.#writer = new MemoryWriter(database, vault, this.#log, sha256);
    this.#follower = new MemoryWriter(database, vault, this.#log, sha256, 'take');
  }

  knows(operationId: string): boolean {
    return this.#database.get('SELECT 1 FROM operations WHERE id = ?', operationId) !== undefined;
  }

  #holds(row: Row): boolean {
    const found = this.#database.get('SELECT version FROM memories WHERE id = ?', row['memory_id']!);
    return found !== undefined && (found['version'] as number) >= (row['version'] as number);
  }

  /**
   * Throws `conflict` when it does not fit what is here, such as another memory with the content; then nothing was done.
   * @param options.included what to do where the memory holds the change already, having been taken over as it is; default: `conflict`
   */
  replay(
    { operation: row, versions = [], sealed }: Travelling,
    options: { readonly included?: 'pass over' } = {},
  ): void {
    if (options.included && this.#holds(row)) {
      this.#log.keep(row);
      return;
    }
    const here = { database: this.#database, vault: this.#vault };
    if (sealed && !canRead(here, sealed.state)) {
      const seq = this.#log.keep(row);
      writeState(here, sealed.state, sealed.versions, () => seq);
      return;
    }
    const operation = this.#log.next(row);
    const writer = options.included ? this.#follower : this.#writer;
    const actor = { principal: { id: operation.principal }, instance: operation.instance };
    const { kind, memoryId: id, namespace, patch, version } = operation;
    const undoes = operation.undoes ?? undefined;
    if (kind === 'create') {
      const memory = { ...patch, id, namespace, version } as Memory;
      writer.create(
        memory,
        actor,
        versions.map(one => toVersion(one, id, this.#vault)),
      );
      return;
    }
    const found = this.#database.get('SELECT * FROM memories WHERE id = ?', id);
    if (!found) {
      throw new MemoryError('conflict', `There is no memory "${id}" any more.`, 'Store it anew.');
    }
    const kept = toKept(found, this.#vault);
    if (kind === 'update') writer.patch(kept, patch, actor, undoes);
    else if (kind === 'delete') writer.delete(kept, actor, undoes);
    else writer.restore(kept, patch, actor, undoes);
  }
}

function toVersion(row: Row, id: string, vault: Vault): MemoryVersion {
  return {
    version: row['version'] as number,
    memory: vault.fromJson<Memory>(row['memory'] as string, id),
    replacedBy: row['replaced_by'] as string,
    replacedAt: row['replaced_at'] as number,
  };
}
