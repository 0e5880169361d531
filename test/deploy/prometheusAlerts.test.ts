import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { openDriver } from '../../src/adapters/sqlite/openDriver.ts';
import { loadSettings } from '../../src/config/loadSettings.ts';
import { packageRoot } from '../../src/main/assets.ts';
import { openJobQueue } from '../../src/main/openJobQueue.ts';
import { startEmbeddingServer } from '../fixtures/embeddingServer.ts';
import { type Prometheus, startPrometheus } from '../fixtures/prometheus.ts';
import { freePort, type RedisServer, startRedis } from '../fixtures/redis.ts';
import { type RunningCli, startCli } from '../fixtures/startCli.ts';
import { type ServeProcess, startServe } from '../fixtures/startServe.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

const FOLDER = join(packageRoot, 'deploy', 'prometheus');
const DASHBOARD = join(packageRoot, 'deploy', 'grafana', 'dashboards', 'memory-central.json');
const HOUR_S = 3600;
/** Also sees each alert end. */
const FULL = process.env['CHAOS'] === 'full';

interface Config {
  global: object;
  alerting?: unknown;
  scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
}

/** The shipped configuration, scraping these each second. @param targets by job */
async function shippedConfig(targets: Readonly<Record<string, string>>): Promise<string> {
  const config = parse(await readFile(join(FOLDER, 'prometheus.yml'), 'utf8')) as Config;
  delete config.alerting;
  config.global = { scrape_interval: '1s', evaluation_interval: '1s' };
  assert.deepEqual(config.scrape_configs.map(({ job_name }) => job_name).sort(), Object.keys(targets).sort());
  for (const job of config.scrape_configs) job.static_configs = [{ targets: [targets[job.job_name]!] }];
  return stringify(config);
}

/** The shipped rules; what takes a minute there takes a second. */
async function hurriedRules(): Promise<string> {
  const text = await readFile(join(FOLDER, 'alerts.yml'), 'utf8');
  const hurried = text.replace(/(for: |\[)(\d+)m\b/g, '$1$2s');
  assert.notEqual(hurried, text);
  assert.doesNotMatch(hurried.replace(/#.*/g, ''), /\b\d+[mhd]\b/);
  return hurried;
}

/** All expressions of the dashboard, as Grafana would send them. */
async function dashboardExpressions(): Promise<readonly string[]> {
  const { panels } = JSON.parse(await readFile(DASHBOARD, 'utf8')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  return panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m')),
  );
}

function metricsIn(text: string): readonly string[] {
  const names = [...text.matchAll(/\b(?:memory_central|process|nodejs)_\w+/g)].map(([name]) => name);
  return [...new Set(names.map(name => name.replace(/_(bucket|sum|count)$/, '')))].filter(
    name => !/^memory_central_?$/.test(name),
  );
}

describe('deploy/prometheus on a real server', function () {
  this.timeout(FULL ? 180_000 : 90_000);
  let redis: RedisServer;
  let server: ServeProcess;
  let worker: RunningCli;
  let startWorker: () => Promise<RunningCli>;
  let prometheus: Prometheus;
  let embedding: Awaited<ReturnType<typeof startEmbeddingServer>>;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let env: Record<string, string>;
  let metricsUrl: string;
  let late = 0;

  const backupOf = (ageHours: number) =>
    writeFile(
      join(folder.path, 'last-backup.json'),
      JSON.stringify({ takenAtSeconds: Math.floor(Date.now() / 1000) - ageHours * HOUR_S, bytes: 4096 }),
    );
  const fires = (...names: string[]) =>
    until(async () => {
      const firing = await prometheus.firing();
      const missing = names.filter(name => !firing.includes(`MemoryCentral${name}`));
      if (missing.length > 0)
        throw new Error(`not firing: ${missing.join(', ')}; firing: ${firing.join(', ')}`);
      return true;
    });
  /** Nobody does them. */
  const addJobs = async () => {
    await using queue = openJobQueue(loadSettings({ env, folders: [] }), join(folder.path, 'memory.db'));
    for (let i = 0; i < 3; i++) await queue.add({ name: 'embed', payload: {} });
  };
  /** Nothing is wrong any more, and no alert says so. */
  const mended = async () => {
    late = 0;
    await backupOf(1);
    const { agents } = (await server.tool('list_agents', {})) as { agents: { id: string }[] };
    for (const { id } of agents) await server.tool('unregister_agent', { agent_id: id });
    await server.tool('purge_tasks', { confirm: true });
    await redis.cli('config', 'set', 'maxmemory', '0');
    await server.tool('health_check', { only: ['index'] });
    await worker[Symbol.asyncDispose]();
    worker = await startWorker();
    await until(async () => (await prometheus.firing()).length === 0);
  };
  const scrape = async () => (await fetch(metricsUrl)).text();

  before(async () => {
    folder = await temporaryFolder();
    redis = await startRedis();
    embedding = await startEmbeddingServer({
      dimensions: 8,
      answer: (response, { body }) => {
        if (late === 0) return false;
        setTimeout(() => {
          const data = body.input.map((_, index) => ({ index, embedding: [1, 0, 0, 0, 0, 0, 0, 0] }));
          response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
        }, late);
        return true;
      },
    });
    await backupOf(1);
    const [port, workerPort] = [await freePort(), await freePort()];
    metricsUrl = `http://127.0.0.1:${port}/metrics`;
    env = {
      ...{ REDIS_URL: redis.url, METRICS_PORT: `${port}`, METRICS_SAMPLE_SECONDS: '0' },
      METRICS_BACKUP_FILE: join(folder.path, 'last-backup.json'),
      ...{ EMBEDDING_PROVIDER: 'openai', EMBEDDING_MODEL: 'test', EMBEDDING_DIMENSIONS: '8' },
      ...{ OPENAI_BASE_URL: embedding.baseUrl, OPENAI_API_KEY: 'none' },
    };
    server = await startServe(env);
    await server.tool('store_memory', { content: 'Deploys run on Fridays' });
    await server.tool('semantic_search', { query: 'deploys' });
    startWorker = () =>
      startCli(['worker'], { ...env, METRICS_PORT: `${workerPort}` }, /does \d+ jobs? at once/);
    worker = await startWorker();
    const targets = {
      'memory-central': `127.0.0.1:${port}`,
      'memory-central-worker': `127.0.0.1:${workerPort}`,
    };
    prometheus = await startPrometheus(await shippedConfig(targets), await hurriedRules());
  });

  after(async () => {
    await prometheus?.[Symbol.asyncDispose]();
    await worker?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await embedding[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it('knows every metric that an alert or the dashboard asks for', async () => {
    const told = await scrape();
    const asked = metricsIn(
      (await readFile(join(FOLDER, 'alerts.yml'), 'utf8')) + (await dashboardExpressions()).join('\n'),
    );
    assert.ok(asked.length > 30, asked.join());
    const missing = asked.filter(name => !told.includes(`# TYPE ${name} `));
    assert.deepEqual(missing, []);
  });

  it('answers every question of the dashboard', async () => {
    await until(async () => (await prometheus.query('up == 1')).length === 2);
    for (const expression of await dashboardExpressions()) await prometheus.query(expression);
    const [memories] = await prometheus.query('sum(max by (type) (memory_central_memories))');
    assert.equal(memories?.value, 1);
  });

  it('fires each alert when its fault is there, and none before', async () => {
    // Longer than most alerts wait; promtool sees the others wait.
    await until(async () => (await prometheus.query('count_over_time(up[1m]) >= 7')).length === 2);
    // A machine that is held up may miss a scrape.
    await until(async () => (await prometheus.firing()).length === 0);

    late = 700;
    const stop = new AbortController();
    const searching = (async () => {
      for (let i = 0; !stop.signal.aborted; i++)
        await server.tool('semantic_search', { query: `question ${i}` }).catch(() => sleep(100));
    })();
    await backupOf(27);
    await server.tool('register_agent', { agent_id: 'builder' });
    await redis.cli('eval', SILENCED, '0');
    await server.tool('distribute_task', { task_id: 'broken', title: 'Broken' });
    const claimed = (await server.tool('get_pending_tasks', { claim: true, agent_id: 'builder' })) as {
      tasks: { fence: number; lease_id: string }[];
    };
    const [{ fence, lease_id }] = claimed.tasks as [{ fence: number; lease_id: string }];
    await server.tool('fail_task', {
      ...{ task_id: 'broken', agent_id: 'builder', fence, lease_id },
      ...{ error: 'It cannot be done', retryable: false },
    });
    await redis.cli('eval', SILENCED, '0');
    await worker.kill();
    await addJobs();
    await tamper(server.data);
    await server.tool('health_check', { only: ['index'] });
    const used = Number(/used_memory:(\d+)/.exec(await redis.cli('info', 'memory'))![1]);
    await redis.cli('config', 'set', 'maxmemory', `${Math.round(used * 1.1)}`);

    await fires(
      ...['SearchSlow', 'EmbeddingSlow', 'BackupOld', 'AgentSilent', 'DeadLetters'],
      ...['WorkerDown', 'QueueStuck', 'IndexIntegrityFailed', 'RedisMemoryHigh'],
    );
    if (FULL) await mended();
    stop.abort();
    await searching;

    await redis.kill();
    await fires('RedisDown', 'ApiCannotReachRedis');
    await redis.restart();
    await until(async () => !(await prometheus.firing()).includes('MemoryCentralRedisDown'));
    await until(async () => !(await prometheus.firing()).includes('MemoryCentralApiDown'));
    await server.kill();
    await fires('ApiDown');
  });
});

/** All agents are as if they had sent their last heartbeat ten minutes ago. */
const SILENCED = `for _, key in ipairs({'agents:heartbeats', 'agents:watched'}) do
  for _, ref in ipairs(redis.call('ZRANGE', key, 0, -1)) do redis.call('ZINCRBY', key, -600, ref) end
end`;

/** Somebody writes into the replica past the program. */
async function tamper(data: string): Promise<void> {
  const replica = (await readdir(data)).find(name => /^replica-\w+\.db$/.test(name))!;
  const database = await openDriver(join(data, replica));
  database.exec("UPDATE memories SET content = 'tampered ' || content");
  database.close();
}
