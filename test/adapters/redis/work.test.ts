import assert from 'node:assert/strict';
import { RedisConnection } from '../../../src/adapters/redis/redisConnection.ts';
import { redisWork } from '../../../src/adapters/redis/work/redisWork.ts';
import { globsOverlap } from '../../../src/engine/agents/globsOverlap.ts';
import { OFFLINE_MS } from '../../../src/engine/model/agent.ts';
import { FORGOTTEN_MS } from '../../../src/engine/ports/agentStore.ts';
import { refuses } from '../../contract/records/refuses.ts';
import { agent } from '../../contract/work/agents.contract.ts';
import { context } from '../../contract/work/contexts.contract.ts';
import { workProcessesContract } from '../../contract/work/processes.contract.ts';
import { workContract } from '../../contract/work.contract.ts';
import { ageRedis } from '../../fixtures/ageRedis.ts';
import { insideRedis } from '../../fixtures/insideRedis.ts';
import { onEachRedis } from '../../fixtures/onEachRedis.ts';
import { openRedisWork } from '../../fixtures/openRedisWork.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { until } from '../../fixtures/until.ts';

onEachRedis('work', (kind, place) => workContract(kind, () => openRedisWork(...place())));

describe('work in Redis', () => {
  const inside = insideRedis();
  const open = () => openRedisWork(...inside.place);

  it('leaves no key behind when it is over', async () => {
    await using opened = await open();
    const { agents, files, contexts } = opened.work;
    const claim = { ...agent, agent: agent.id, globs: ['a'], note: '' };
    await agents.register(agent);
    await agents.remove(agent, agent.owner);
    await agents.register({ ...agent, id: 'forgotten' });
    await files.claim({ ...claim, id: 'ended' }, 1, globsOverlap);
    const shared = await contexts.share({ ...context, expiresAt: Date.now() + OFFLINE_MS });
    await contexts.share({ ...context, id: 'revoked' });
    await contexts.revoke(context.namespace, 'revoked', { principal: context.owner, client: '' });
    await opened.elapse(FORGOTTEN_MS);
    assert.equal((await agents.takeSilent()).length, 1);
    assert.equal(await contexts.purge(10), 1);
    assert.ok(shared.expiresAt! > shared.createdAt);
    await files.releaseAll(claim.namespace, 'anybody');
    // What happened, the fences, and where there were contexts are kept all the same.
    assert.deepEqual(await inside.keys(), ['contexts:namespaces', 'events:log', 'files:fences']);
  });

  it('is read as far as it goes where another program wrote something else', async () => {
    const { client, prefix } = inside;
    await using opened = await open();
    const { agents, files, contexts } = opened.work;
    const now = Date.now() / 1000;
    await client.hset(`${prefix}agent:a:odd`, { id: 'odd', namespace: 'a', capabilities: '{', load: 'much' });
    await client.sadd(`${prefix}agents:in:a`, 'odd', 'gone');
    await client.zadd(`${prefix}agents:heartbeats`, now, 'a:odd', now, 'a:gone');
    await client.zadd(`${prefix}agents:watched`, 0, 'a:gone');
    await client.hset(`${prefix}files:in:a`, 'odd', 'no JSON');
    await client.hset(`${prefix}files:fences`, 'a', '7');
    await client.zadd(`${prefix}files:until:a`, now + 100, 'odd', now + 100, 'gone');
    const reader = `${prefix}contexts:readers:a:everyone`;
    await client.hset(`${prefix}context:a:odd`, { id: 'odd', namespace: 'a', owner: 'somebody', to: 'all' });
    await client.hset(`${prefix}context:a:spare`, {
      id: 'spare',
      namespace: 'a',
      owner: 'x',
      to: '[{"kind":"everyone"}]',
    });
    await client.zadd(reader, now, 'a:odd', now, 'a:gone', now, 'a:spare');

    const odd = (await agents.list(['a'])).find(({ id }) => id === 'odd')!;
    assert.deepEqual([odd.capabilities, odd.load, odd.owner, odd.pid], [[], 0, '', null]);
    assert.deepEqual(await agents.takeSilent(), []);
    assert.deepEqual(await files.list(['a']), []);
    const claim = { id: 'new', namespace: 'a', globs: ['a'], agent: 'b', owner: 'x', note: '' };
    const answer = await files.claim(claim, 1_000, globsOverlap);
    assert.ok('granted' in answer && answer.granted.fence === 8);
    assert.equal(await files.releaseAll('a', 'b'), 1);
    const anybody = { principal: 'anybody', client: '' };
    const found = await contexts.list({ namespaces: ['a'] }, anybody, { limit: 10, offset: 0 });
    assert.deepEqual(
      found.map(({ id, memoryIds, createdAt }) => [id, memoryIds, createdAt]),
      [['spare', [], 0]],
    );
    assert.equal(await contexts.acknowledge('a', ['odd', 'gone'], anybody), 0);
  });
});

describe('work on a Redis that comes and goes', () => {
  it('says within the deadline that it does not answer, and goes on afterwards', async () => {
    await using redis = await startRedis();
    await using opened = await openRedisWork(redisOptions({ url: redis.url, deadlineMs: 500 }), '');
    const { agents, files, contexts } = opened.work;
    const { id, namespace, owner } = agent;
    const claim = { id, namespace, owner, agent: id, globs: ['a'], note: '' };
    const viewer = { principal: context.owner, client: '' };
    const page = { limit: 10, offset: 0 };
    await agents.register(agent);
    await contexts.share(context);
    const granted = await files.claim(claim, 600_000, globsOverlap);
    await redis.kill();
    await refuses('unavailable', agents.heartbeat(agent, agent.owner, {}));
    await refuses('unavailable', agents.takeSilent());
    await refuses('unavailable', files.claim({ ...claim, id: 'other' }, 600_000, globsOverlap));
    await refuses('unavailable', contexts.list({}, viewer, page));
    await refuses('unavailable', contexts.revoke(context.namespace, context.id, viewer));
    await redis.restart();
    await until(async () => (await contexts.list({}, viewer, page)).length === 1);
    assert.equal((await agents.get(agent))?.presence, 'online');
    assert.deepEqual('granted' in granted && (await files.list(undefined)), [
      'granted' in granted && granted.granted,
    ]);
    await contexts.revoke(context.namespace, context.id, viewer);
  });
});

workProcessesContract('one Redis', async () => {
  const redis = await startRedis();
  const connection = new RedisConnection({ ...redisOptions({ url: redis.url }), prefix: '' });
  return {
    where: redis.url,
    work: redisWork(connection),
    age: () => connection.ask(client => ageRedis(client, '', OFFLINE_MS)),
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
});
