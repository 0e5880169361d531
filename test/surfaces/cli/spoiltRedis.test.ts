import assert from 'node:assert/strict';
import { cliHome } from '../../fixtures/cli.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';

type Cli = Awaited<ReturnType<typeof cliHome>>;
type Command = (...args: string[]) => Promise<string>;

interface Spoilt {
  readonly what: string;
  /** @param id of the first of two memories, which are the first two entries of the log */
  readonly spoil: (cli: Command, id: string) => Promise<unknown>;
  readonly says: RegExp;
  readonly fix: RegExp;
  /** As docs/operations.md says. */
  readonly mend: (
    cli: Command,
    id: string,
    machine: (args: string[]) => Promise<unknown>,
  ) => Promise<unknown>;
  /** What a machine that was there before notices nothing of. */
  readonly onlyNewMachines?: true;
}

const ANOTHER_TYPE = { says: /holds a key of another type/, fix: /RENAME.*REDIS_PREFIX/ };
const NOT_OURS = { says: /holds something under our keys/, fix: /docs\/operations\.md/ };
const ENTRY = { says: /Entry 3 of the central log cannot be read/, fix: /docs\/operations\.md/ };
const passOver = (cli: Command) => cli('xdel', 'operations', '3-0');
/** An entry of the log as none of ours writes it. */
const entry = (field: string, text: string) => async (cli: Command) => {
  await cli('xadd', 'operations', '3-0', field, text);
  await cli('set', 'operations:position', '3');
};
const inTheWay = (key: string, ...make: string[]) => ({
  async spoil(cli: Command) {
    await cli('rename', key, 'aside');
    await cli(...make);
  },
  mend: (cli: Command) => cli('rename', 'aside', key),
  ...ANOTHER_TYPE,
});

const cases: readonly Spoilt[] = [
  { what: 'a string where the log belongs', ...inTheWay('operations', 'set', 'operations', 'x') },
  {
    what: 'a list where the position of the log belongs',
    ...inTheWay('operations:position', 'rpush', 'operations:position', 'x'),
  },
  { what: 'a hash where the id of the log belongs', ...inTheWay('store:id', 'hset', 'store:id', 'x', 'y') },
  {
    what: 'a set where the order of memories belongs',
    ...inTheWay('memories', 'sadd', 'memories', 'x'),
  },
  {
    what: 'a position that is no number',
    spoil: cli => cli('set', 'operations:position', 'garbage'),
    mend: cli => cli('set', 'operations:position', '2'),
    ...NOT_OURS,
  },
  {
    what: 'an entry that somebody else appended',
    spoil: cli => cli('xadd', 'operations', '*', 'hello', 'world'),
    async mend(cli) {
      const [id] = (await cli('xrevrange', 'operations', '+', '-', 'COUNT', '1')).split('\n');
      await cli('xdel', 'operations', id!);
      await cli('xsetid', 'operations', '2-0');
    },
    ...NOT_OURS,
  },
  { what: 'an entry that is no JSON', spoil: entry('entry', 'no json'), mend: passOver, ...ENTRY },
  { what: 'an entry of another shape', spoil: entry('entry', '{"hello":1}'), mend: passOver, ...ENTRY },
  { what: 'an entry without its field', spoil: entry('hello', 'world'), mend: passOver, ...ENTRY },
  {
    what: 'a memory without its fields',
    async spoil(cli, id) {
      await cli('hdel', `memory:${id}`, 'content', 'namespace');
      await cli('xtrim', 'operations', 'MAXLEN', '0');
    },
    says: /The memory \S+ in the central Redis cannot be read/,
    fix: /Change it on a machine that has it/,
    mend: (_, id, machine) => machine(['update-memory', '--memory-id', id, '--tags', 'mended']),
    onlyNewMachines: true,
  },
  {
    what: 'a list where a memory belongs',
    async spoil(cli, id) {
      await cli('rename', `memory:${id}`, 'aside');
      await cli('rpush', `memory:${id}`, 'x');
      await cli('xtrim', 'operations', 'MAXLEN', '0');
    },
    mend: (cli, id) => cli('rename', 'aside', `memory:${id}`),
    ...ANOTHER_TYPE,
    onlyNewMachines: true,
  },
];

describe('a central Redis in which something is spoilt', function () {
  this.timeout(60_000);

  for (const { what, spoil, says, fix, mend, onlyNewMachines } of cases) {
    it(`loses nothing, and says what to do: ${what}`, async () => {
      await using redis = await startRedis();
      await using old = await cliHome();
      await using late = await cliHome();
      const env = { REDIS_URL: redis.url };
      const { id } = await old.json(['store', 'The first'], { env });
      await old.json(['store', 'The second'], { env });
      await spoil(redis.cli, id as string);

      const machines = onlyNewMachines ? [late] : [old, late];
      for (const machine of machines) await waits(machine, env, says, fix);
      // What was there is read on, whatever Redis says.
      assert.equal((await old.json(['list'], { env }))['total'], onlyNewMachines ? 2 : 3);

      await mend(redis.cli, id as string, args => old.json(args, { env }));
      for (const machine of machines) {
        const { central } = await machine.json(['status'], { env });
        assert.deepEqual(central, { location: `${redis.url}/0`, waiting: 0 });
      }
      for (const machine of [old, late])
        assert.equal((await machine.json(['list'], { env }))['total'], 2 + machines.length);
    });
  }

  it('computes anew where a vector is garbage', async () => {
    await using redis = await startRedis();
    await using one = await cliHome();
    await using two = await cliHome();
    const env = { REDIS_URL: redis.url, EMBEDDING_PROVIDER: 'local' };
    const { id } = await one.json(['store', 'Payments are retried five times'], { env });
    const key = `memory:${id}:vectors`;
    const [model] = (await redis.cli('hkeys', key)).split('\n');
    assert.match(model!, /MiniLM/);
    await spoilVector(redis, key, model!);
    await two.json(['store', 'Something else'], { env });
    const { memories } = await two.json(['recall', 'how often is a bank asked again'], { env });
    assert.equal((memories as { id: string }[])[0]?.id, id);
    assert.equal((await two.run(['doctor'], { env })).code, 0);
  });
});

async function spoilVector(redis: RedisServer, key: string, model: string): Promise<void> {
  await redis.cli('hset', key, model, 'garbage');
  assert.equal(await redis.cli('hget', key, model), 'garbage');
}

/** A write waits on this machine, and doctor says why. */
async function waits(machine: Cli, env: Record<string, string>, says: RegExp, fix: RegExp): Promise<void> {
  const stored = await machine.run(['store', `While it is spoilt, in ${machine.home}`], { env });
  assert.equal(stored.code, 0, stored.stderr);
  assert.match(stored.stderr, /1 write waiting/);
  const { code, stdout } = await machine.run(['doctor', '--json'], { env });
  assert.equal(code, 1);
  const { checks } = JSON.parse(stdout) as { checks: { check: string; message: string; fix: string }[] };
  const found = checks.find(({ check }) => check === 'central');
  assert.match(found!.message, says);
  assert.match(found!.message, /1 write waits on this machine/);
  assert.match(found!.fix, fix);
}
