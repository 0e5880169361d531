import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { Redis } from 'ioredis';
import { openDriver } from '../../src/adapters/sqlite/openDriver.ts';

/**
 * Bare Hono routes with the work on the stores that ours cannot do without, in a process of its own: before a read the log is asked for its head, and the
 * memory is read from the replica; a store writes the same keys and bytes to the log, and the same rows to the replica. Arguments: the port of
 * Redis, a replica of its own, and the id of a memory in both.
 */
const [port = '', path = '', known = ''] = process.argv.slice(2);
const redis = new Redis(Number(port), '127.0.0.1');
const replica = await openDriver(path);
replica.exec('PRAGMA synchronous = NORMAL');

const read = replica.prepare('SELECT * FROM memories WHERE id = ?');
const state = await redis.hgetall(`memory:${known}`);
const [[, [, entry = '']] = ['', []]] = await redis.xrevrange('operations', '+', '-', 'COUNT', 1);
const begin = replica.prepare('BEGIN IMMEDIATE');
const commit = replica.prepare('COMMIT');
const [addMemory, memory] = copying('memories', 'id', known);
const [addOperation, operation] = copying('operations', 'memory_id', known);

const app = new Hono();
app.get('/memories/:id', async c => {
  await redis.mget('operations:position', 'store:id');
  return c.json(read.get([c.req.param('id')])!);
});
app.post('/memories', async c => {
  const { content } = (await c.req.json()) as { content: string };
  const id = crypto.randomUUID();
  begin.run([]);
  const change = { id, memory_id: id, patch: JSON.stringify({ content }) };
  const { lastInsertRowid: seq } = addOperation.run(operation(change));
  addMemory.run(memory({ id, content, content_hash: id, seq }));
  commit.run([]);
  await redis
    .multi()
    .xadd('bare:operations', '*', 'entry', entry.replaceAll(known, id))
    .set('bare:position', id)
    .zadd('bare:memories', Date.now(), id)
    .hset(`bare:memory:${id}`, { ...state, id, content })
    .exec();
  return c.json({ id, content }, 201);
});

/** A statement that adds a row like the one that is known, under a number of its own, and its values with some of them changed. */
function copying(table: string, column: string, value: string) {
  const found = replica.prepare(`SELECT * FROM ${table} WHERE ${column} = ?`).get([value])!;
  const own = table === 'memories' ? 'num' : 'seq';
  const names = Object.keys(found).filter(name => name !== own);
  const marks = names.map(() => '?').join(', ');
  const add = replica.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`);
  const values = (changed: Readonly<Record<string, string | number>>) =>
    names.map(name => changed[name] ?? found[name]!);
  return [add, values] as const;
}

const server = createAdaptorServer({ fetch: app.fetch });
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
