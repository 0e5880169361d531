import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { Redis } from 'ioredis';

/** A bare Hono route with the same work on Redis, in a process of its own. Arguments: the port of Redis, and the memory that is read, as JSON. */
const [port = '', memory = ''] = process.argv.slice(2);
const redis = new Redis(Number(port), '127.0.0.1');
await redis.hset('bare:memory', 'value', memory);

const app = new Hono();
app.post('/read', async c => {
  await c.req.json();
  const { value } = await redis.hgetall('bare:memory');
  return c.json(JSON.parse(value!));
});
app.post('/store', async c => {
  const { content } = (await c.req.json()) as { content: string };
  const id = crypto.randomUUID();
  const state = { ...JSON.parse(memory), id, content };
  await redis
    .pipeline()
    .hset(`bare:${id}`, 'value', JSON.stringify(state))
    .xadd('bare:log', '*', 'entry', JSON.stringify(state))
    .exec();
  return c.json(state);
});

const server = createAdaptorServer({ fetch: app.fetch });
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
