import { join } from 'node:path';
import { identity } from '../../src/adapters/node/identity.ts';
import { connect } from '../../src/adapters/sqlite/connect.ts';
import { migrate } from '../../src/adapters/sqlite/migrations.ts';
import { SqliteTaskStore } from '../../src/adapters/sqlite/work/sqliteTaskStore.ts';
import { submitTask } from '../../src/adapters/sqlite/work/submitTask.ts';
import { TaskTable } from '../../src/adapters/sqlite/work/taskTable.ts';
import { leaseOf, taskDraft, want } from '../../test/fixtures/taskDrafts.ts';
import { temporaryFolder } from '../../test/fixtures/temporaryFolder.ts';
import type { BenchResult } from '../benchResult.ts';
import { quantile } from '../statistics.ts';
import { mixture } from './mixture.ts';

const BATCH = 500;
const LIMIT_MS = 10;

/** How long claims and completions take in the embedded store, one after the other, while very many tasks wait. */
export async function embeddedClaimsBench(options: {
  readonly waiting: number;
  readonly agents: number;
  readonly claims: number;
}): Promise<BenchResult[]> {
  const { waiting, agents: count, claims } = options;
  await using folder = await temporaryFolder();
  const database = await connect(join(folder.path, 'memory.db'), undefined, 5_000);
  await migrate(database, identity.newId, Date.now);
  const tasks = new SqliteTaskStore(database, Date.now);
  const { skills, wanted } = mixture();
  const table = new TaskTable(database);
  // Many in each transaction: only how they are claimed is measured.
  for (let i = 0; i < waiting; i += BATCH)
    await database.write(() => {
      for (let n = i; n < i + BATCH; n++)
        submitTask(database, table, taskDraft(`${n}`, wanted()), undefined, Date.now());
    });
  const agents = Array.from({ length: count }, (_, i) => ({ id: `agent ${i}`, capabilities: skills() }));
  const times = { claim: [] as number[], complete: [] as number[] };
  for (let i = 0; i < claims; i++) {
    const { id, capabilities } = agents[i % count]!;
    const started = performance.now();
    const [claimed] = await tasks.claim(want(id, { capabilities }));
    const between = performance.now();
    times.claim.push(between - started);
    if (!claimed) continue;
    await tasks.complete(leaseOf(claimed), {}, {});
    times.complete.push(performance.now() - between);
  }
  database.close();
  const name = `embedded, ${waiting} tasks waiting, ${count} agents`;
  const p95 = quantile(times.claim, 0.95);
  return [
    { name: `${name}: claim, p50`, value: quantile(times.claim, 0.5), unit: 'ms' },
    { name: `${name}: claim, p95`, value: p95, unit: 'ms', target: `< ${LIMIT_MS}`, met: p95 < LIMIT_MS },
    { name: `${name}: complete, p95`, value: quantile(times.complete, 0.95), unit: 'ms' },
  ];
}
