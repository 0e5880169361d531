import assert from 'node:assert/strict';
import { redisRecords } from '../../../src/adapters/redis/records/redisRecords.ts';
import { redisWork } from '../../../src/adapters/redis/work/redisWork.ts';
import { checkSound, fillWork, NO_JSON } from '../../fixtures/damagedWork.ts';
import { insideRedis } from '../../fixtures/insideRedis.ts';
import { silent } from '../../fixtures/logger.ts';
import { openRedisPair } from '../../fixtures/openRedisPair.ts';

/** Fields that other programs may write, too. */
const FIELDS: readonly (readonly [key: string, fields: readonly string[]])[] = [
  ['agent:team%2Fa:damaged', ['capabilities', 'metadata']],
  ['files:in:shop', ['damaged']],
  ['task:shop:damaged', ['spec', 'payload', 'retry']],
  ['task:shop:damaged done', ['result', 'metrics']],
  ['context:team%2Fa:damaged', ['to', 'memory_ids', 'files', 'metadata']],
];

describe('what was damaged in Redis', () => {
  const inside = insideRedis();

  async function open() {
    const pair = openRedisPair(...inside.place);
    const records = redisRecords(pair.one, silent);
    return {
      work: redisWork(pair.one),
      events: records.events,
      async [Symbol.asyncDispose]() {
        records[Symbol.dispose]();
        await pair[Symbol.asyncDispose]();
      },
    };
  }

  for (const [key, fields] of FIELDS)
    for (const field of fields)
      it(`hides nothing else when it is ${field} of ${key}`, async () => {
        const { client, prefix } = inside;
        await using opened = await open();
        await fillWork(opened.work);
        assert.equal(await client.hexists(prefix + key, field), 1);
        for (const text of NO_JSON) {
          await client.hset(prefix + key, field, text);
          await checkSound(opened.work, opened.events);
        }
        await client.hdel(prefix + key, field);
        await checkSound(opened.work, opened.events);
      });

  it('hides nothing else when it is a history, a fence or an event', async () => {
    const { client, prefix } = inside;
    await using opened = await open();
    await fillWork(opened.work);
    const event = [
      'type',
      'context',
      'namespace',
      'team/a',
      'subject',
      'x',
      'change',
      'shared',
      'agent',
      'a',
    ];
    for (const text of NO_JSON) {
      await client.lpush(`${prefix}task-history:shop:damaged done`, text);
      await client.hset(`${prefix}files:fences`, 'shop', text);
      await client.xadd(`${prefix}events:log`, '*', ...event, 'audience', text);
      await checkSound(opened.work, opened.events);
    }
  });

  it('and events that nobody knows here keep nobody from those that follow, however many they are', async () => {
    const { client, prefix } = inside;
    await using opened = await open();
    const { events } = opened;
    const from = await events.position();
    const pipeline = client.pipeline();
    for (let i = 0; i < 1200; i++) pipeline.xadd(`${prefix}events:log`, '*', 'type', 'of_a_later_release');
    await pipeline.exec();
    const event = { type: 'node_status', node: 'n', status: 'online' } as const;
    for (let i = 0; i < 3; i++) await events.publish(event);
    const found = await events.since(from, 2);
    assert.deepEqual(
      found.map(one => one.event),
      [event, event],
    );
    assert.equal((await events.since(found[1]!.id, 2)).length, 1);
  });
});
