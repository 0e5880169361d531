import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cliHome } from '../../fixtures/cli.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';

type Cli = Awaited<ReturnType<typeof cliHome>>;
type Env = Record<string, string>;
type Warning = { check: string; message: string; fix?: string };

const SECRET = 's3cret';

describe('one who could write into two memories', function () {
  this.timeout(120_000);
  let redis: RedisServer;
  let memories = 0;

  before(async () => {
    redis = await startRedis({ config: { requirepass: SECRET } });
  });
  after(() => redis[Symbol.asyncDispose]());

  const settings = (): Env => ({ REDIS_URL: redis.url, REDIS_PREFIX: `m${memories++}:` });

  it('is told by doctor and connect that only this shell knows the central Redis, and what to write', async () => {
    await using cli = await cliHome();
    const env = settings();
    const [{ message, fix }] = (await doctor(cli, env, 'settings')) as [Required<Warning>];
    assert.match(message, /^REDIS_URL, REDIS_PREFIX: .*this shell only; .*data\/memory\.db$/);
    const [file, ...lines] = fix.split('\n');
    assert.match(file!, new RegExp(`^Write into ${join(cli.data, '.env')} \\(mode 600\\)`));
    assert.deepEqual(lines, [
      `REDIS_URL='redis://:<password>@127.0.0.1:${redis.port}'`,
      `REDIS_PREFIX=${env['REDIS_PREFIX']}`,
    ]);
    const connected = await cli.run(['connect', 'claude', '--yes'], { env });
    assert.match(connected.stderr, /^warning: REDIS_URL, REDIS_PREFIX: /m);
    assert.doesNotMatch(connected.stdout + connected.stderr, new RegExp(SECRET));

    await mkdir(cli.data, { recursive: true });
    await writeFile(join(cli.data, '.env'), lines.join('\n').replace('<password>', SECRET));
    assert.deepEqual(await doctor(cli, env, 'settings'), []);
    const { central } = await cli.json(['status']);
    assert.deepEqual(central, { location: `redis://127.0.0.1:${redis.port}/0`, waiting: 0 });
    assert.doesNotMatch((await cli.run(['connect', 'codex', '--yes'], { env })).stderr, /warning/);
  });

  it('is told when the files lead to another central Redis than this shell', async () => {
    await using cli = await cliHome();
    await mkdir(cli.data, { recursive: true });
    await writeFile(join(cli.data, 'memory-central.toml'), `[redis]\nurl = "${redis.url}"\nprefix = "f:"\n`);
    assert.deepEqual(await doctor(cli, {}, 'settings'), []);
    const [{ message }] = (await doctor(cli, { REDIS_PREFIX: 'e:' }, 'settings')) as [Warning];
    assert.match(message, /^REDIS_PREFIX: .*another central Redis/);
  });

  it('hears of the memories of before until they are in the central Redis', async () => {
    await using cli = await cliHome();
    const env = settings();
    const { id } = await cli.json(['store', 'One of before']);
    await cli.json(['store', 'Another of before']);
    await cli.json(['store', 'A third, forgotten since']);
    const { id: third } = await cli.json(['store', 'A third, forgotten since']);
    await cli.json(['forget', third as string, '--yes']);
    const expected = {
      check: 'before',
      message: `2 memories of before are in ${join(cli.data, 'memory.db')}, and not in the central Redis`,
      fix: 'memory-central migrate --from embedded --to redis',
    };
    assert.deepEqual((await cli.json(['status'], { env }))['warnings'], [expected]);
    assert.deepEqual(
      (await doctor(cli, env, 'before')).map(({ check, message, fix }) => ({ check, message, fix })),
      [expected],
    );
    assert.match(
      (await cli.run(['status'], { env })).stdout,
      /2 memories of before .*\n +memory-central migrate/,
    );

    // The same text is the same memory.
    await cli.json(['store', 'Another of before'], { env });
    const [one] = (await cli.json(['status'], { env }))['warnings'] as Warning[];
    assert.match(one!.message, /^1 memory of before is in/);
    await cli.run(['migrate', '--from', 'embedded', '--to', 'redis'], { env });
    assert.deepEqual((await cli.json(['status'], { env }))['warnings'], []);
    // Forgotten there, it is known.
    await cli.json(['forget', id as string, '--yes'], { env });
    assert.deepEqual((await cli.json(['status'], { env }))['warnings'], []);
    assert.deepEqual((await cli.json(['status']))['warnings'], []);
  });

  it('hears of the open work and the tokens of before, which are not taken along', async () => {
    await using cli = await cliHome();
    const env = settings();
    await cli.json(['submit', 'Write the notes', '--task-id', 'notes']);
    await cli.json(['submit', 'Send them', '--task-id', 'send', '--depends-on', 'notes']);
    await cli.json(['submit', 'Not needed', '--task-id', 'none']);
    await cli.json(['update-task', '--task-id', 'none', '--cancel']);
    await cli.json(['share-context-with-agent', '--to-agent', '*', '--content', 'The notes come first']);
    await cli.run(['token', 'create', 'ci']);
    const [{ message, fix }] = (await doctor(cli, env, 'before')) as [Warning];
    assert.match(fix ?? '', /make tokens anew.*: memory-central token create/);
    assert.match(message, /^2 open tasks, 1 shared context and 1 token of before stay in .*memory\.db: /);
    const migrated = await cli.run(['migrate', '--from', 'embedded', '--to', 'redis'], { env });
    assert.match(
      migrated.stdout,
      /^2 open tasks, 1 shared context and 1 token stay where they are: submit and share anew.*token create/m,
    );
    assert.equal((await cli.json(['tasks'], { env }))['total'], 0);
  });

  it('is told by status that the central Redis drops memories', async () => {
    await using cli = await cliHome();
    await using dropping = await startRedis({ config: { 'maxmemory-policy': 'allkeys-lru' } });
    const env = { REDIS_URL: dropping.url };
    const [warning] = (await cli.json(['status'], { env }))['warnings'] as Warning[];
    assert.match(warning!.message, /drops memories when it is full \(allkeys-lru\)/);
    assert.match(warning!.fix!, /CONFIG SET maxmemory-policy noeviction/);
    await dropping.kill();
    assert.deepEqual((await cli.json(['status'], { env }))['warnings'], []);
  });

  it('is told that a project’s file cannot name the central Redis', async () => {
    await using cli = await cliHome();
    const file = join(cli.home, 'memory-central.toml');
    await writeFile(file, `namespace = "shop"\n[redis]\nurl = "${redis.url}"\n`);
    assert.equal((await cli.json(['status']))['central'], null);
    const [{ message, fix }] = (await doctor(cli, {}, 'settings')) as [Required<Warning>];
    assert.equal(message, `${file} is of a project, and of it only the namespace counts, not redis.url`);
    assert.match(fix, /data\/memory-central\.toml/);
    await writeFile(file, 'namespace = "shop"\n');
    assert.deepEqual(await doctor(cli, {}, 'settings'), []);
  });
});

/** What doctor has against one thing. */
async function doctor(cli: Cli, env: Env, check: string): Promise<readonly Warning[]> {
  const { checks } = await cli.json(['doctor'], { env });
  return (checks as (Warning & { level: string })[]).filter(
    one => one.check === check && one.level === 'warn',
  );
}
