import assert from 'node:assert/strict';
import { connectRedis } from '../../../src/adapters/redis/connectRedis.ts';
import { EVENTS_KEPT } from '../../../src/engine/ports/eventBus.ts';
import { LEARNING_MAX_AGE_MS } from '../../../src/engine/ports/learningQueue.ts';
import { SESSION_TTL_MS } from '../../../src/engine/ports/sessionRecords.ts';
import { embedding } from '../../contract/records/embeddingRecords.contract.ts';
import { use } from '../../contract/records/learningQueue.contract.ts';
import { refuses } from '../../contract/records/refuses.ts';
import { recordsContract } from '../../contract/records.contract.ts';
import { insideRedis } from '../../fixtures/insideRedis.ts';
import { onEachRedis } from '../../fixtures/onEachRedis.ts';
import { openRedisRecords } from '../../fixtures/openRedisRecords.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { until } from '../../fixtures/until.ts';

const session = { id: 's', context: '', files: [], currentTask: '', lastTool: '', node: '' };
const event = { type: 'node_status', node: 'a', status: 'online' } as const;

onEachRedis('records', (kind, place) => recordsContract(kind, () => openRedisRecords(...place())));

describe('records in Redis', () => {
  const inside = insideRedis();
  const open = () => openRedisRecords(...inside.place);

  it('are indexed for as long as they live', async () => {
    const { client, prefix } = inside;
    await using opened = await open();
    const { sessions } = opened.records;
    await sessions.put({ ...session, id: 'old' }, 'ann');
    await opened.elapse(SESSION_TTL_MS);
    await sessions.put({ ...session, id: 'new' }, 'ann');
    for (const index of ['sessions:recent', 'user:ann:sessions'])
      assert.deepEqual(await client.zrange(prefix + index, '0', '-1'), ['new']);
  });

  it('drop what the learning queue has held for 7 days', async () => {
    const { client, prefix } = inside;
    await using opened = await open();
    const { learning } = opened.records;
    const stream = `${prefix}learning:queue`;
    await learning.size();
    const old = (left: number) => `${Date.now() - LEARNING_MAX_AGE_MS + left}-0`;
    await client.xadd(stream, old(-1_000), 'user_query', 'given');
    await client.xreadgroup('GROUP', 'analytics', 'dead', 'STREAMS', stream, '>');
    await client.xadd(stream, old(-500), 'user_query', 'not given');
    await client.xadd(stream, old(60_000), 'user_query', 'kept');
    assert.deepEqual(await learning.claim('analytics', 'a', 0, 10), []);
    const [entry, ...more] = await learning.read('analytics', 'a', 10);
    assert.deepEqual([entry?.userQuery, more], ['kept', []]);
    assert.equal((await learning.size()).entries, 1);
  });

  it('begin each group after what was queued before there was one', async () => {
    const { client, prefix } = inside;
    await using opened = await open();
    const { learning } = opened.records;
    await client.xadd(`${prefix}learning:queue`, '*', 'user_query', 'before');
    await learning.append([use('after')]);
    for (const group of ['training_pipeline', 'analytics'] as const) {
      const entries = await learning.read(group, 'a', 10);
      assert.deepEqual(
        entries.map(({ userQuery }) => userQuery),
        ['after'],
      );
    }
  });

  it('leave no key behind when they are removed', async () => {
    await using opened = await open();
    const { sessions, embeddings, models, nodes, toolResults } = opened.records;
    const one = embedding('a');
    await sessions.put(session);
    await sessions.remove(session.id);
    await embeddings.put([one]);
    await embeddings.remove(one.sha256);
    await models.activate('a', 'm');
    await models.addUsage('m', { requests: 1, tokensGenerated: 1 });
    await models.remove('m');
    await nodes.heartbeat('a', { cpu: 1, gpu: 1, mem: 1 });
    await nodes.retire('a');
    await toolResults.put({ tool: 'a', inputHash: 'b' }, 'c', 'default');
    await toolResults.forget();
    // What happened is kept all the same.
    assert.deepEqual(await inside.keys(), ['events:log']);
  });

  it('have both groups again when the queue was deleted', async () => {
    const { client, prefix } = inside;
    await using opened = await open();
    const { learning } = opened.records;
    await learning.append([use('1')]);
    await client.unlink(`${prefix}learning:queue`);
    await learning.append([use('2')]);
    const [entry, ...more] = await learning.read('training_pipeline', 'a', 10);
    assert.deepEqual([entry?.userQuery, more], ['2', []]);
  });

  it('are read as far as they go where another program wrote something else', async () => {
    const { client, prefix } = inside;
    await using opened = await open();
    const { sessions, embeddings, learning, models, nodes, events } = opened.records;
    const sha256 = 'a'.repeat(64);
    await client.hset(`${prefix}session:s`, { timestamp: 'yesterday', files: ' a.ts , b.ts,', more: 'x' });
    await client.hset(`${prefix}embedding:${sha256}`, { text: 'without a vector' });
    await client.zadd(`${prefix}embeddings:recent`, 1, sha256);
    await client.hset(`${prefix}model:m`, { size_gb: 'big' });
    await client.set(`${prefix}model:other`, 'no hash');
    await client.set(`${prefix}node:a:heartbeat`, 'alive', 'PX', 30_000);
    await client.set(`${prefix}node:b:heartbeat`, '{"cpu":"7","gpu":null}', 'PX', 30_000);
    await client.sadd(`${prefix}nodes:active`, 'a', 'b');
    await learning.size();
    await client.xadd(`${prefix}learning:queue`, '*', 'success', 'True');
    await client.xadd(`${prefix}events:log`, '*', 'type', 'unknown');
    await events.publish(event);

    assert.deepEqual(await sessions.get('s'), { ...session, updatedAt: 0, files: ['a.ts', 'b.ts'] });
    assert.deepEqual(await embeddings.recent(10), []);
    const { name, sizeGb, updatedAt } = (await models.get('m'))!;
    assert.deepEqual([name, sizeGb, updatedAt], ['m', 0, 0]);
    assert.deepEqual(
      (await models.list()).map(model => model.name),
      ['m'],
    );
    assert.deepEqual(await nodes.active(), [
      { name: 'a', load: { cpu: 0, gpu: 0, mem: 0 } },
      { name: 'b', load: { cpu: 7, gpu: 0, mem: 0 } },
    ]);
    const [entry] = await learning.read('analytics', 'a', 10);
    assert.deepEqual([entry!.success, entry!.userQuery, entry!.durationMs], [true, '', 0]);
    assert.deepEqual(
      (await events.since(undefined, 10)).map(logged => logged.event),
      [event],
    );
  });

  it('keep the newest events, give or take a hundred', async () => {
    const { client, prefix } = inside;
    await using opened = await open();
    const { events } = opened.records;
    const first = await events.publish(event);
    for (let i = 0; i < EVENTS_KEPT; i += 1_000) {
      const pipeline = client.pipeline();
      for (let j = 0; j < 1_000; j++) pipeline.xadd(`${prefix}events:log`, '*', 'type', 'other');
      await pipeline.exec();
    }
    for (let i = 0; i < 100; i++) await events.publish(event);
    assert.ok((await client.xlen(`${prefix}events:log`)) <= EVENTS_KEPT + 100);
    assert.notEqual((await client.xrange(`${prefix}events:log`, '-', '+', 'COUNT', 1))[0]![0], first);
  });
});

describe('records on a Redis that comes and goes', () => {
  it('say within the deadline that it does not answer, and lose no event', async () => {
    await using redis = await startRedis();
    await using opened = await openRedisRecords(redisOptions({ url: redis.url, deadlineMs: 500 }), '');
    const { events, sessions } = opened.records;
    const heard: string[] = [];
    using _listener = events.listen(await events.position(), ({ id }) => heard.push(id));
    const published = [await events.publish(event)];
    await until(() => heard.length === 1);

    await redis.cli('client', 'pause', '600000', 'write');
    await refuses('unavailable', sessions.put(session));
    await redis.cli('client', 'unpause');
    await until(() => sessions.put(session).then(() => true));

    await redis.kill();
    const late: string[] = [];
    using _late = events.listen('0-0', ({ id }) => late.push(id));
    await refuses('unavailable', sessions.put(session));
    await redis.restart();
    const another = await connectRedis(redisOptions({ url: redis.url }));
    await another.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    another.disconnect();
    await until(async () => published.push(await events.publish(event)) > 0);
    await until(() => heard.length >= published.length);
    assert.deepEqual(
      heard,
      (await events.since(undefined, 10)).map(({ id }) => id),
    );
    assert.deepEqual(heard, published);
    await until(() => late.length === heard.length);
    assert.deepEqual(late, heard);
  });
});
