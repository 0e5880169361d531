import assert from 'node:assert/strict';
import { RedisConnection } from '../../../src/adapters/redis/redisConnection.ts';
import { ageRedis } from '../../fixtures/ageRedis.ts';
import { cliHome } from '../../fixtures/cli.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { until } from '../../fixtures/until.ts';

type Rows = Record<string, unknown>[];

const MINUTE_MS = 60_000;

describe('the records on the command line', function () {
  this.timeout(120_000);

  it('are shared by two machines: a session goes on, and an entry goes to one of them', async () => {
    await using redis = await startRedis();
    await using laptop = await cliHome();
    await using desk = await cliHome();
    const env = { REDIS_URL: redis.url };
    const on = (machine: typeof desk) => (args: readonly string[]) => machine.json(args, { env });
    const [here, there] = [on(laptop), on(desk)];
    const task = ['--current-task', 'Fix the login', '--files', 'src/a.ts,src/b.ts', '--username', 'ann'];
    await here(['save-session', '--session-id', 'one', '--node', 'laptop', ...task]);
    const session = await there(['get-session', '--session-id', 'one']);
    assert.deepEqual(
      [session['current_task'], session['files'], session['node']],
      ['Fix the login', ['src/a.ts', 'src/b.ts'], 'laptop'],
    );
    assert.match(
      (await desk.run(['list-sessions', '--username', 'ann'], { env })).stdout,
      /^\d{4}-\d\d-\d\d \d\d:\d\d {2}one on laptop: Fix the login\n$/,
    );

    for (const query of ['first', 'second'])
      await here(['queue-learning', '--user-query', query, '--tool-used', 'bash', '--tool-args', '{"a":1}']);
    const read = (from: typeof here, consumer: string, ...more: string[]) =>
      from(['read-learning', '--group', 'analytics', '--consumer', consumer, ...more]);
    const queries = async (answer: Promise<Record<string, unknown>>) =>
      ((await answer)['entries'] as Rows).map(entry => entry['user_query']);
    const both = await Promise.all([
      queries(read(here, 'laptop', '--count', '1')),
      queries(read(there, 'desk', '--count', '1')),
    ]);
    assert.deepEqual(
      both.map(one => one.length),
      [1, 1],
    );
    assert.deepEqual(both.flat().sort(), ['first', 'second']);

    // The desk dies with what it was given.
    const group = ['--group', 'training_pipeline'];
    const taken = await there(['read-learning', ...group, '--consumer', 'desk', '--count', '1']);
    const claim = ['claim-learning', ...group, '--consumer', 'laptop'];
    assert.deepEqual((await here(claim))['entries'], []);
    await using connection = new RedisConnection({ ...redisOptions({ url: redis.url }), prefix: '' });
    await connection.ask(client => ageRedis(client, '', MINUTE_MS));
    const { entries } = await here(claim);
    assert.deepEqual(entries, taken['entries']);
    const ids = (entries as Rows).map(entry => entry['id'] as string);
    const acknowledge = ['acknowledge-learning', ...group, '--entry-ids', ids.join(',')];
    assert.equal((await here(acknowledge))['acknowledged'], 1);
    assert.deepEqual((await there(['learning-status']))['pending'], { training_pipeline: 0, analytics: 2 });
  });

  it('tell each machine which nodes come and go', async () => {
    await using redis = await startRedis();
    await using laptop = await cliHome();
    await using desk = await cliHome();
    const env = { REDIS_URL: redis.url };
    await laptop.json(['register-node', '--node', 'spark', '--roles', 'inference,training'], { env });
    await laptop.json(['node-heartbeat', '--node', 'spark', '--cpu', '10', '--mem', '20'], { env });
    assert.equal((await desk.json(['route-request', '--role', 'training'], { env }))['name'], 'spark');
    await using connection = new RedisConnection({ ...redisOptions({ url: redis.url }), prefix: '' });
    await connection.ask(client => ageRedis(client, '', MINUTE_MS));
    const none = await desk.run(['route-request'], { env });
    assert.equal(none.code, 3);
    assert.match(none.stderr, /No live node can do that\.\n.*memory-central list-nodes/);
    // Whichever command does the housekeeping of its machine.
    const events = async () => (await desk.run(['list-events'], { env })).stdout;
    await until(async () => (await events()).includes('offline'));
    assert.match(await events(), /^\S+ {2}.* {2}spark is online\n\S+ {2}.* {2}spark is offline\n$/);
  });

  it('are kept in the file where there is no Redis, and answer in ids when that is asked', async () => {
    await using cli = await cliHome();
    const result = ['--tool', 'read', '--input-hash', 'h1', '--path', '/a.ts'];
    await cli.json(['store-tool-result', ...result, '--result', 'text', '--kind', 'read_only']);
    assert.equal((await cli.run(['get-tool-result', ...result])).stdout, 'text\n');
    const stored = await cli.json(['store-embedding', '--text', 'east', '--vector', '-1,0.5']);
    const near = await cli.run(['nearest-embeddings', '--vector', '-2,1', '--quiet']);
    assert.equal(near.stdout, `${stored['id']}\n`);
    await cli.json(['register-model', '--model', 'llama3:70b', '--node', 'spark', '--active']);
    assert.equal((await cli.run(['list-models', '-q'])).stdout, 'llama3:70b\n');
    assert.match((await cli.run(['list-events'])).stdout, /spark runs llama3:70b\n$/);
    const input = JSON.stringify({ session_id: 'from a file', context: 'ünïcödé' });
    await cli.run(['save-session', '--input', '-'], { input });
    assert.equal((await cli.json(['get-session', '--session-id', 'from a file']))['context'], 'ünïcödé');
  });

  it('say that the central Redis is out of reach, while memories go on', async () => {
    await using redis = await startRedis();
    await using cli = await cliHome();
    const env = { REDIS_URL: redis.url };
    await cli.json(['save-session', '--session-id', 'one'], { env });
    await redis.kill();
    const refused = await cli.run(['get-session', '--session-id', 'one'], { env });
    assert.equal(refused.code, 5);
    assert.match(
      refused.stderr,
      /^error: redis:.* is not listening there\.\nStart it, or correct the address \(REDIS_URL\)\.\n$/,
    );
    assert.equal((await cli.run(['store', 'goes on'], { env })).code, 0);
  });

  it('stand behind the daily commands in the help, by topic', async () => {
    await using cli = await cliHome();
    const { stdout } = await cli.run(['--help']);
    const at = ['store [text', 'System:', 'Tools, for scripts', '  sessions', 'Exit codes:'].map(text =>
      stdout.indexOf(text),
    );
    assert.deepEqual(
      at,
      at.toSorted((a, b) => a - b),
    );
    assert.ok(at.every(position => position >= 0));
    assert.match(stdout, /\n {2}sessions +save-session, get-session, list-sessions, remove-session\n/);
    assert.ok(stdout.split('\n').every(line => line.length <= 100));
    assert.match(
      (await cli.run(['help', 'claim-learning'])).stdout,
      /--idle-seconds <number> .*\(default: 60\)/,
    );
    const completed = await cli.run(['__complete', 'read-learning', '--group', '']);
    assert.equal(completed.stdout, 'training_pipeline\nanalytics\n');
  });
});
