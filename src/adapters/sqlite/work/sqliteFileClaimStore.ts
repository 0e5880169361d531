import { staleFileClaim } from '../../../engine/agents/agentRefusals.ts';
import { claimInTurn } from '../../../engine/agents/claimInTurn.ts';
import { readTexts } from '../../../engine/model/readJson.ts';
import type {
  ClaimOutcome,
  FileClaim,
  FileClaimStore,
  FileLease,
  NewFileClaim,
  Overlaps,
} from '../../../engine/ports/fileClaimStore.ts';
import { ConditionList } from '../conditionList.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { insertEvent } from '../records/insertEvent.ts';

/** Tables `file_claims` and `file_fences`. What has ended is removed with the next claim in its namespace. */
export class SqliteFileClaimStore implements FileClaimStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async claim(claim: NewFileClaim, ttlMs: number, overlaps: Overlaps): Promise<ClaimOutcome> {
    const { namespace } = claim;
    return claimInTurn(claim, overlaps, {
      look: () =>
        this.#database.read(() => ({
          fence: this.#fence(namespace),
          claims: this.#live(namespace, this.#now()),
        })),
      grant: seenFence => this.#grant(claim, ttlMs, seenFence),
    });
  }

  async renew(lease: FileLease, ttlMs: number): Promise<FileClaim> {
    return this.#database.write(() => {
      const now = this.#now();
      const claim = this.#held(lease, now);
      const until = now + ttlMs;
      this.#database.run(
        'UPDATE file_claims SET until = ? WHERE namespace = ? AND id = ?',
        ...[until, lease.namespace, lease.id],
      );
      return { ...claim, until };
    });
  }

  async release(lease: FileLease): Promise<void> {
    await this.#database.write(() => {
      const now = this.#now();
      this.#remove(this.#held(lease, now), now);
    });
  }

  async releaseAll(namespace: string, agent: string): Promise<number> {
    return this.#database.write(() => {
      const now = this.#now();
      const claims = this.#live(namespace, now).filter(claim => claim.agent === agent);
      for (const claim of claims) this.#remove(claim, now);
      return claims.length;
    });
  }

  async list(namespaces: readonly string[] | undefined): Promise<readonly FileClaim[]> {
    const { sql, params } = new ConditionList().add('until > ?', this.#now()).oneOf('namespace', namespaces);
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT * FROM file_claims WHERE ${sql} ORDER BY claimed_at, namespace, fence`,
        ...params,
      ),
    );
    return rows.map(toClaim);
  }

  /** Undefined where somebody has claimed anything in the namespace since it was looked at. */
  async #grant(claim: NewFileClaim, ttlMs: number, seenFence: number): Promise<FileClaim | undefined> {
    return this.#database.write(() => {
      if (this.#fence(claim.namespace) !== seenFence) return undefined;
      const now = this.#now();
      this.#database.run('DELETE FROM file_claims WHERE namespace = ? AND until <= ?', claim.namespace, now);
      const fence = this.#nextFence(claim.namespace);
      this.#database.run(
        `INSERT OR REPLACE INTO file_claims (namespace, id, agent, owner, fence, claimed_at, until, globs, note)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[claim.namespace, claim.id, claim.agent, claim.owner, fence, now, now + ttlMs],
        ...[JSON.stringify(claim.globs), claim.note],
      );
      this.#tell(claim, 'claimed', now);
      return { ...claim, fence, claimedAt: now, until: now + ttlMs };
    });
  }

  #live(namespace: string, now: number): readonly FileClaim[] {
    return this.#database
      .all('SELECT * FROM file_claims WHERE namespace = ? AND until > ? ORDER BY fence', namespace, now)
      .map(toClaim);
  }

  #held({ namespace, id, fence, agent }: FileLease, now: number): FileClaim {
    const row = this.#database.get(
      'SELECT * FROM file_claims WHERE namespace = ? AND id = ? AND fence = ? AND agent = ? AND until > ?',
      ...[namespace, id, fence, agent, now],
    );
    if (!row) throw staleFileClaim(id);
    return toClaim(row);
  }

  /** Of the last claim; 0 before the first. */
  #fence(namespace: string): number {
    const row = this.#database.get('SELECT fence FROM file_fences WHERE namespace = ?', namespace);
    return (row?.['fence'] as number | undefined) ?? 0;
  }

  #nextFence(namespace: string): number {
    const { fence } = this.#database.get(
      'INSERT INTO file_fences VALUES (?, 1) ON CONFLICT (namespace) DO UPDATE SET fence = fence + 1 RETURNING fence',
      namespace,
    )!;
    return fence as number;
  }

  #remove(claim: FileClaim, now: number): void {
    const { namespace, id } = claim;
    this.#database.run('DELETE FROM file_claims WHERE namespace = ? AND id = ?', namespace, id);
    this.#tell(claim, 'released', now);
  }

  #tell(claim: Pick<FileClaim, 'namespace' | 'id' | 'agent'>, change: string, now: number): void {
    const { namespace, id, agent } = claim;
    insertEvent(this.#database, now, { type: 'files', namespace, subject: id, change, agent });
  }
}

function toClaim(row: Row): FileClaim {
  return {
    id: row['id'] as string,
    namespace: row['namespace'] as string,
    globs: readTexts(row['globs']),
    agent: row['agent'] as string,
    owner: row['owner'] as string,
    note: row['note'] as string,
    fence: row['fence'] as number,
    claimedAt: row['claimed_at'] as number,
    until: row['until'] as number,
  };
}
