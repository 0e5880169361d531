import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { identity } from '../../../src/adapters/node/identity.ts';
import type { BusEvent } from '../../../src/engine/ports/eventBus.ts';
import { packageRoot } from '../../../src/main/assets.ts';
import type { OpenRecords } from '../../fixtures/openRecords.ts';
import { openRedisRecords } from '../../fixtures/openRedisRecords.ts';
import { pythonEnvironment } from '../../fixtures/pythonEnvironment.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';

const run = promisify(execFile);
const SCRIPT = join(packageRoot, 'test', 'fixtures', 'schemaProof.py');
const TEXT = 'naïve café 🦊';
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const use = {
  sessionId: 'py1',
  userQuery: TEXT,
  toolUsed: 'bash',
  toolArgs: '{"command": "ls"}',
  result: 'a.py',
  success: true,
  durationMs: 12,
  node: 'spark-1',
};
const model = {
  name: 'llama3:70b',
  node: 'spark-1',
  sizeGb: 39.5,
  quantization: 'Q4_K_M',
  contextLength: 8192,
  performance: '45 tokens/s',
};
const node = {
  name: 'spark-1',
  gpu: 'GB10',
  vramGb: 128,
  computeTflops: 31.5,
  ramGb: 128,
  roles: ['inference'],
  status: 'online',
};
const load = { cpu: 12.5, gpu: 80, mem: 40 };
const vectorOf = (dimensions: number) =>
  Float32Array.from({ length: dimensions }, (_, i) => (i - 100) / 1000);

describe('the records as another program sees them, by the schema alone', function () {
  this.timeout(180_000);
  let python: string;
  let redis: RedisServer;
  let opened: OpenRecords;
  const other = async (...args: string[]) => (await run(python, [SCRIPT, redis.url, ...args])).stdout;

  before(() => {
    python = pythonEnvironment('schema-python', ['redis==8.1.0']);
  });

  beforeEach(async () => {
    redis = await startRedis();
    opened = await openRedisRecords(redisOptions({ url: redis.url }), '');
  });

  afterEach(async () => {
    await opened[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  it('reads what it wrote', async () => {
    await other('write');
    const { sessions, embeddings, learning, toolResults, models, nodes, events } = opened.records;
    const now = Date.now();
    const isRecent = (at: number) => at > now - 60_000 && at <= now;

    const session = {
      ...{ id: 'py1', context: TEXT, files: ['src/a.py', 'src/b.py'] },
      ...{ currentTask: 'Prove the schema', lastTool: 'bash', node: 'spark-1' },
    };
    for (const found of [
      [await sessions.get('py1')],
      await sessions.recent(9),
      await sessions.recent(9, 'ann'),
    ]) {
      const [{ updatedAt, ...rest } = assert.fail()] = found;
      assert.deepEqual([rest, found.length, isRecent(updatedAt)], [session, 1, true]);
    }

    const found = await embeddings.recent(9, 'py1');
    assert.deepEqual(
      found.map(({ vector }) => vector),
      [vectorOf(384), vectorOf(768)],
    );
    const { storedAt, vector: _, ...embedding } = found[1]!;
    assert.ok(isRecent(storedAt));
    assert.deepEqual(embedding, {
      ...{
        sha256: identity.sha256(TEXT),
        text: TEXT,
        source: 'session:py1',
        toolContext: 'bash',
        success: true,
      },
    });

    for (const group of ['training_pipeline', 'analytics'] as const) {
      const [{ id, at, ...entry } = assert.fail(), ...more] = await learning.read(group, 'ts', 100);
      assert.deepEqual([entry, more, isRecent(at)], [use, [], true]);
      assert.equal(await learning.acknowledge(group, [id]), 1);
    }

    assert.equal(await toolResults.get({ tool: 'bash', inputHash: 'hash1' }), 'output');
    assert.equal(
      await toolResults.get({ tool: 'read', path: '/path/to/file.py', inputHash: 'sha256xyz' }),
      TEXT,
    );
    assert.deepEqual((await toolResults.counts()).get('bash'), { hits: 4, misses: 1 });

    const { updatedAt, ...kept } = (await models.get('llama3:70b'))!;
    assert.deepEqual([kept, isRecent(updatedAt)], [model, true]);
    assert.deepEqual(await models.active(), new Map([['spark-1', 'llama3:70b']]));
    assert.deepEqual(await models.usage('llama3:70b'), { requests: 2, tokensGenerated: 300 });

    assert.deepEqual(await nodes.active(), [{ name: 'spark-1', node, load }]);

    assert.deepEqual(
      (await events.since(undefined, 9)).map(({ event }) => event),
      [
        { type: 'model_updated', node: 'spark-1', model: 'llama3:70b' },
        { type: 'node_status', node: 'spark-1', status: 'online' },
      ],
    );
  });

  it('is read by it, key by key', async () => {
    const { sessions, embeddings, learning, toolResults, models, nodes, events } = opened.records;
    const sha256 = identity.sha256(TEXT);
    await sessions.put(
      {
        ...{ id: 'ts1', context: TEXT, files: ['src/a.ts', 'src/b.ts'] },
        ...{ currentTask: 'Prove', lastTool: 'bash', node: 'spark-1' },
      },
      'ann',
    );
    await embeddings.put([
      {
        sha256,
        vector: vectorOf(768),
        text: TEXT,
        source: 'session:ts1',
        toolContext: 'bash',
        success: false,
      },
    ]);
    await learning.append([use]);
    await toolResults.put({ tool: 'bash', inputHash: 'hash1' }, 'output', 'default');
    await toolResults.put({ tool: 'read', path: '/path/a.py', inputHash: 'h' }, TEXT, 'readOnly');
    await toolResults.put({ tool: 'edit', inputHash: 'h' }, 'done', 'write');
    await toolResults.put({ tool: 'ask', inputHash: 'h' }, 'answer', 'expensive');
    await toolResults.get({ tool: 'bash', inputHash: 'hash1' });
    await toolResults.get({ tool: 'bash', inputHash: 'other' });
    await models.put(model);
    await models.activate('spark-1', model.name);
    await models.addUsage(model.name, { requests: 2, tokensGenerated: 300 });
    await nodes.put(node);
    await nodes.heartbeat('spark-1', load);
    await events.publish({ type: 'training_complete', model: 'intent', accuracy: 0.9375 });
    await events.publish({ type: 'node_status', node: 'spark-1', status: 'offline' });

    const seconds = Date.now() / 1000;
    const read = JSON.parse(await other('read'), (name, value) => {
      if (name === 'timestamp' || name === 'last_updated') return ISO.test(value) ? 'ISO' : value;
      // What lives for a time has all of it left, but for the moment since.
      if (name === 'ttl' && value > 0) return Math.ceil(value / 30) * 30;
      return value;
    });
    const scored = (member: string) => {
      const check = ([[name, score] = assert.fail(), ...more]: [string, number][]) => {
        assert.deepEqual([name, more], [member, []]);
        assert.ok(score > seconds - 60 && score <= seconds, `${score} is unix time`);
      };
      return { type: 'zset', ttl: -1, check };
    };
    const indexes = {
      'sessions:recent': scored('ts1'),
      'user:ann:sessions': scored('ts1'),
      'embeddings:recent': scored(sha256),
      'embeddings:session:ts1': scored(sha256),
    };
    for (const [key, { check, ...index }] of Object.entries(indexes)) {
      const { value, ...rest } = read[key];
      assert.deepEqual(rest, index, key);
      check(value);
      delete read[key];
    }
    const hash = (value: object, ttl = -1) => ({ type: 'hash', ttl, value });
    const text = (value: string, ttl: number) => ({ type: 'string', ttl, value });
    assert.deepEqual(read, {
      'session:ts1': hash(
        {
          ...{ timestamp: 'ISO', context: TEXT, files: 'src/a.ts,src/b.ts' },
          ...{ current_task: 'Prove', last_tool: 'bash', node: 'spark-1' },
        },
        604_800,
      ),
      [`embedding:${sha256}`]: hash({
        ...{ vector: [...vectorOf(768)], text: TEXT, timestamp: 'ISO', source: 'session:ts1' },
        ...{ tool_context: 'bash', success: 'false' },
      }),
      'learning:queue': {
        ...{ type: 'stream', ttl: -1 },
        value: [
          {
            ...{ timestamp: 'ISO', session_id: 'py1', user_query: TEXT, tool_used: 'bash' },
            ...{
              tool_args: use.toolArgs,
              result: 'a.py',
              success: 'true',
              duration_ms: '12',
              node: 'spark-1',
            },
          },
        ],
      },
      'tool:bash:hash1': text('output', 3_600),
      'tool:read:/path/a.py:h': text(TEXT, 7_200),
      'tool:edit:h': text('done', 300),
      'tool:ask:h': text('answer', 86_400),
      'tool:stats': hash({ 'bash:hits': '1', 'bash:misses': '1' }),
      'models:active': hash({ 'spark-1': 'llama3:70b' }),
      'model:llama3:70b': hash({
        ...{ node: 'spark-1', size_gb: '39.5', quantization: 'Q4_K_M', context_length: '8192' },
        ...{ last_updated: 'ISO', performance: '45 tokens/s' },
      }),
      'model:llama3:70b:stats': hash({ requests: '2', tokens_generated: '300' }),
      'node:spark-1:heartbeat': text('{"cpu":12.5,"gpu":80,"mem":40}', 30),
      'node:spark-1': hash({
        ...{ gpu: 'GB10', vram_gb: '128', compute_tflops: '31.5', ram_gb: '128' },
        ...{ role: 'inference', status: 'online' },
      }),
      'nodes:active': { type: 'set', ttl: -1, value: ['spark-1'] },
      'events:log': {
        ...{ type: 'stream', ttl: -1 },
        value: [
          { timestamp: 'ISO', type: 'model_updated', node: 'spark-1', model: 'llama3:70b' },
          { timestamp: 'ISO', type: 'node_status', node: 'spark-1', status: 'online' },
          { timestamp: 'ISO', type: 'training_complete', model: 'intent', accuracy: '0.9375' },
          { timestamp: 'ISO', type: 'node_status', node: 'spark-1', status: 'offline' },
        ],
      },
    });
    const consumed = JSON.parse(await other('consume', 'training_pipeline'));
    assert.deepEqual(
      consumed.map((entry: Record<string, string>) => entry['user_query']),
      [TEXT],
    );
    assert.deepEqual((await learning.size()).pending, { training_pipeline: 0, analytics: 0 });
  });

  it('tells it every event on a channel of its type', async () => {
    const published: BusEvent[] = [
      { type: 'model_updated', node: 'spark-1', model: 'llama3:70b' },
      { type: 'training_complete', model: 'intent', accuracy: 0.9375 },
      { type: 'node_status', node: 'spark-1', status: 'offline' },
    ];
    const { events, models, nodes } = opened.records;
    const child: ChildProcess = spawn(python, [SCRIPT, redis.url, 'listen', '6'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const heard: string[] = [];
    for await (const line of createInterface({ input: child.stdout! })) {
      if (line !== 'ready') heard.push(...JSON.parse(line));
      else {
        for (const event of published) await events.publish(event);
        await nodes.heartbeat('spark/2', load);
        await models.activate('spark/2', TEXT);
        await nodes.retire('spark/2');
      }
    }
    assert.deepEqual(await ended, [0, null]);
    assert.deepEqual(
      heard.map(text => (text.startsWith('{') ? JSON.parse(text) : text)),
      [
        ...['events:model_updated', { node: 'spark-1', model: 'llama3:70b' }],
        ...['events:training_complete', { model: 'intent', accuracy: 0.9375 }],
        ...['events:node_status', { node: 'spark-1', status: 'offline' }],
        ...['events:node_status', { node: 'spark/2', status: 'online' }],
        ...['events:model_updated', { node: 'spark/2', model: TEXT }],
        ...['events:node_status', { node: 'spark/2', status: 'offline' }],
      ],
    );
  });
});
