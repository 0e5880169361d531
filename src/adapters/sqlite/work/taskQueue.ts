import { readTexts } from '../../../engine/model/readJson.ts';
import {
  type Claimant,
  type ClaimRequest,
  MOVED_BY_CLAIM,
  type Tick,
} from '../../../engine/ports/taskStore.ts';
import { canDo } from '../../../engine/tasks/chooseAgent.ts';
import { claim, timeStep } from '../../../engine/tasks/transitions.ts';
import type { Database } from '../database.ts';
import { type TaskRow, toRecord } from './taskRow.ts';
import type { TaskTable } from './taskTable.ts';

/** Also where time has not moved it yet. */
const IN_TIME = '(deadline IS NULL OR deadline > ?)';

/** Who gets which task, and what time does to those that wait. */
export class TaskQueue {
  readonly #database: Database;
  readonly #table: TaskTable;
  readonly #now: () => number;

  constructor(database: Database, table: TaskTable, now: () => number) {
    this.#database = database;
    this.#table = table;
    this.#now = now;
  }

  /** Whether a claim would change anything. One look, outside any transaction. */
  hasWork(request: ClaimRequest): boolean {
    return this.isDue(request.namespaces) || this.#candidates(request, 1, this.#now()).length > 0;
  }

  /** Whether time has come for a task of these. */
  isDue(namespaces: readonly string[]): boolean {
    const due = this.#database.get(
      'SELECT 1 FROM tasks WHERE namespace IN (SELECT value FROM json_each(?)) AND moves_at <= ? LIMIT 1',
      ...[JSON.stringify(namespaces), this.#now()],
    );
    return due !== undefined;
  }

  /** Within a transaction. As many as with a claim. */
  moveDue(namespaces: readonly string[], now = this.#now()): void {
    const due = this.#database.all(
      `SELECT * FROM tasks WHERE namespace IN (SELECT value FROM json_each(?)) AND moves_at <= ? ORDER BY moves_at LIMIT ?`,
      ...[JSON.stringify(namespaces), now, MOVED_BY_CLAIM],
    );
    for (const row of due) this.#move(toRecord(row), now);
  }

  /** What a claim would give, the first of all. */
  claimable(
    claimant: Claimant,
    limit: number,
  ): { readonly tasks: readonly TaskRow[]; readonly total: number } {
    const { agent } = claimant;
    const now = this.#now();
    const namespaces = JSON.stringify(claimant.namespaces);
    const able = JSON.stringify(this.#able(claimant));
    const counted = this.#database.get(
      `SELECT (SELECT count(*) FROM tasks INDEXED BY tasks_offered WHERE offered_to = ?
         AND namespace IN (SELECT value FROM json_each(?)) AND signature IN (SELECT value FROM json_each(?))
         AND offer_until > ? AND ${IN_TIME})
       + (SELECT count(*) FROM tasks INDEXED BY tasks_open WHERE signature IN (SELECT value FROM json_each(?))
         AND state = 'ready' AND offered_to IS NULL AND ${IN_TIME}) AS total`,
      ...[agent, namespaces, able, now, now, able, now],
    );
    return { tasks: this.#candidates(claimant, limit, now), total: counted!['total'] as number };
  }

  /** Within a transaction. */
  claim(request: ClaimRequest): readonly TaskRow[] {
    const now = this.#now();
    const { agent, leaseIds, leaseMs: ms } = request;
    this.moveDue(request.namespaces, now);
    return this.#candidates(request, leaseIds.length, now).map((task, i) =>
      this.#table.take(task, claim(task, { agent, id: leaseIds[i]!, ms }, now), now),
    );
  }

  /** Within a transaction. */
  tick(limit: number): Tick {
    const now = this.#now();
    const due = this.#database.all(
      'SELECT * FROM tasks WHERE moves_at <= ? ORDER BY moves_at LIMIT ?',
      now,
      limit,
    );
    for (const row of due) this.#move(toRecord(row), now);
    return { moved: due.length, nextAt: this.nextAt(), now };
  }

  nextAt(): number | undefined {
    const next = this.#database.get('SELECT min(moves_at) AS next FROM tasks WHERE moves_at IS NOT NULL');
    return (next?.['next'] as number | null) ?? undefined;
  }

  /** As far as time has come: a lease that is over may be followed by a deadline that is. */
  #move(given: TaskRow, now: number): void {
    let task = given;
    for (let step = timeStep(task, now); step; step = timeStep(task, now))
      task = this.#table.take(task, step, now);
  }

  /** What it is to have, best first: as many as it wants. */
  #candidates(
    claimant: Claimant & Pick<ClaimRequest, 'ids'>,
    wanted: number,
    now: number,
  ): readonly TaskRow[] {
    if (claimant.ids) return this.#named(claimant, claimant.ids, now).slice(0, wanted);
    const able = this.#able(claimant);
    const offered = this.#offered(claimant, able, wanted, now);
    return [...offered, ...this.#open(able, wanted - offered.length, now)];
  }

  #named(claimant: Claimant, ids: readonly string[], now: number): readonly TaskRow[] {
    const { agent, namespaces } = claimant;
    const keys = [...new Set(ids)].flatMap(id =>
      [...new Set(namespaces)].map(namespace => ({ namespace, id })),
    );
    const tasks = keys.flatMap(key => this.#table.find(key) ?? []);
    return tasks.filter(
      task =>
        task.state === 'ready' &&
        (task.offeredTo === null || task.offeredTo === agent || task.offerUntil! <= now) &&
        (task.deadline === null || task.deadline > now) &&
        canDo(claimant, task.capabilities),
    );
  }

  /** The sets of capabilities that it has. */
  #able(claimant: Claimant): readonly number[] {
    const rows = this.#database.all(
      'SELECT signature, capabilities FROM task_signatures WHERE namespace IN (SELECT value FROM json_each(?))',
      JSON.stringify(claimant.namespaces),
    );
    return rows
      .filter(row => canDo(claimant, readTexts(row['capabilities'])))
      .map(row => row['signature'] as number);
  }

  #offered(
    { namespaces, agent }: Claimant,
    able: readonly number[],
    wanted: number,
    now: number,
  ): readonly TaskRow[] {
    const rows = this.#database.all(
      `SELECT * FROM tasks INDEXED BY tasks_offered WHERE offered_to = ? AND namespace IN (SELECT value FROM json_each(?))
       AND signature IN (SELECT value FROM json_each(?)) AND offer_until > ? AND ${IN_TIME} ORDER BY score, id LIMIT ?`,
      ...[agent, JSON.stringify(namespaces), JSON.stringify(able), now, now, wanted],
    );
    return rows.map(toRecord);
  }

  /** The first of each set, and of these the first. */
  #open(able: readonly number[], wanted: number, now: number): readonly TaskRow[] {
    if (wanted === 0) return [];
    const firsts = able.flatMap(signature =>
      this.#database.all(
        `SELECT num, score, id FROM tasks INDEXED BY tasks_open WHERE signature = ? AND state = 'ready'
         AND offered_to IS NULL AND ${IN_TIME} ORDER BY score, id LIMIT ?`,
        ...[signature, now, wanted],
      ),
    ) as unknown as { num: number; score: number; id: string }[];
    firsts.sort((a, b) => a.score - b.score || compareText(a.id, b.id));
    return firsts
      .slice(0, wanted)
      .map(({ num }) => toRecord(this.#database.get('SELECT * FROM tasks WHERE num = ?', num)!));
  }
}

/** As the stores order text: by its bytes in UTF-8. */
function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
