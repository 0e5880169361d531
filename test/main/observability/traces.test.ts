import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadSettings } from '../../../src/config/loadSettings.ts';
import { openJobQueue } from '../../../src/main/openJobQueue.ts';
import { startEmbeddingServer } from '../../fixtures/embeddingServer.ts';
import { freePort } from '../../fixtures/redis.ts';
import { startCli } from '../../fixtures/startCli.ts';
import { startServe } from '../../fixtures/startServe.ts';
import { startTraceReceiver } from '../../fixtures/traceReceiver.ts';
import { until } from '../../fixtures/until.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SENDER = 'b7ad6b7169203331';
const traceparent = (flags: string) => ({ traceparent: `00-${TRACE}-${SENDER}-${flags}` });
const SECRET_WORDS = 'wombat-in-the-question';

describe('traces of memory-central serve', function () {
  this.timeout(60_000);

  it('hold a request with its tool, store and model, in the trace of its sender', async () => {
    await using receiver = await startTraceReceiver();
    await using embedding = await startEmbeddingServer({ dimensions: 8 });
    await using server = await startServe({
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, OTEL_SERVICE_NAME: 'memory-of-the-lan' },
      ...{ EMBEDDING_PROVIDER: 'openai', EMBEDDING_MODEL: 'test', EMBEDDING_DIMENSIONS: '8' },
      ...{ OPENAI_BASE_URL: embedding.baseUrl, OPENAI_API_KEY: 'none' },
    });
    await server.tool('semantic_search', { query: SECRET_WORDS }, traceparent('01'));
    await assert.rejects(server.tool('retrieve_memory', { memory_id: 'none' }, traceparent('01')));
    // What is left is sent when it ends.
    await server.stop();
    const spans = receiver.spans.filter(({ traceId }) => traceId === TRACE);
    assert.deepEqual(new Set(spans.map(({ service }) => service)), new Set(['memory-of-the-lan']));
    const requests = spans.filter(({ kind }) => kind === 2);
    assert.deepEqual(
      requests.map(({ attributes, name, parentSpanId }) => ({ attributes, name, parentSpanId })),
      [200, 404].map(status => ({
        attributes: {
          'http.request.method': 'POST',
          'http.route': '/v1/tools/:name',
          'http.response.status_code': status,
        },
        name: 'POST /v1/tools/:name',
        parentSpanId: SENDER,
      })),
    );
    const named = (name: string) => spans.find(span => span.name === name)!;
    const tool = named('tool semantic_search');
    assert.equal(tool.parentSpanId, requests[0]!.spanId);
    assert.equal(tool.attributes['memory_central.tool.name'], 'semantic_search');
    assert.deepEqual(named('embeddings').attributes, {
      'gen_ai.operation.name': 'embeddings',
      'gen_ai.request.model': `openai/test@${new URL(embedding.baseUrl).host}`,
      'memory_central.embedding.texts': 1,
    });
    assert.equal(named('embeddings').parentSpanId, tool.spanId);
    const heads = named('store index.heads');
    assert.equal(heads.parentSpanId, tool.spanId);
    assert.equal(heads.attributes['db.system.name'], 'sqlite');
    const failed = named('tool retrieve_memory');
    assert.deepEqual([failed.status.code, failed.attributes['error.type']], [2, 'not_found']);
    for (const { startTimeUnixNano, endTimeUnixNano } of spans)
      assert.ok(BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano));
    assert.doesNotMatch(JSON.stringify(receiver.spans), new RegExp(SECRET_WORDS));
  });

  it('are kept or left by the sampler that the environment names', async () => {
    await using receiver = await startTraceReceiver();
    await using server = await startServe({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    });
    await server.tool('list_tasks', {});
    await server.tool('list_tasks', {}, traceparent('00'));
    await server.tool('list_agents', {}, traceparent('01'));
    await server.stop();
    assert.deepEqual(
      receiver.spans.filter(({ kind }) => kind === 2).map(({ traceId }) => traceId),
      [TRACE],
    );
    assert.ok(receiver.spans.some(({ name }) => name === 'tool list_agents'));
  });

  it('hold up nobody where the receiver is away', async () => {
    await using server = await startServe({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      ...{ OTEL_BSP_SCHEDULE_DELAY: '10', MEMORY_LOG_LEVEL: 'warn' },
    });
    for (let i = 0; i < 5; i++) await server.tool('list_tasks', {}, traceparent('01'));
    assert.equal(await server.stop(), 0);
    assert.doesNotMatch(server.log, /"level":50|Unhandled/);
  });

  it('are not recorded where the environment says so, and requests have their numbers all the same', async () => {
    await using receiver = await startTraceReceiver();
    await using server = await startServe({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      ...{ OTEL_SDK_DISABLED: 'true', MEMORY_LOG_LEVEL: 'info' },
    });
    const answer = await fetch(`${server.rest}/v1/tools/none`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...traceparent('01') },
      body: '{}',
    });
    assert.match(
      answer.headers.get('traceparent')!,
      new RegExp(`^00-${TRACE}-(?!${SENDER})[0-9a-f]{16}-01$`),
    );
    assert.equal(((await answer.json()) as { trace_id: string }).trace_id, TRACE);
    await server.stop();
    assert.deepEqual(receiver.spans, []);
  });
});

describe('traces of memory-central worker', function () {
  this.timeout(60_000);

  it('hold a job with what it asks of the store', async () => {
    await using receiver = await startTraceReceiver();
    const env = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
    await using worker = await startCli(['worker'], env, /does \d+ jobs? at once/);
    const settings = loadSettings({ env: {}, folders: [] });
    await using queue = openJobQueue(settings, join(worker.data, 'memory.db'));
    const { id } = await queue.add({ name: 'expire', payload: {} });
    await until(async () => (await queue.find(id))?.state === 'completed');
    await worker.stop();
    const job = receiver.spans.find(({ name }) => name === 'job expire')!;
    assert.deepEqual(
      [job.service, job.attributes],
      ['memory-central-worker', { 'memory_central.job.name': 'expire' }],
    );
    const expired = receiver.spans.find(({ name }) => name === 'store memories.expire')!;
    assert.deepEqual([expired.traceId, expired.parentSpanId], [job.traceId, job.spanId]);
  });
});

describe('log of memory-central serve', function () {
  this.timeout(60_000);

  it('has a line for each request and tool, with its trace, and none of what was said', async () => {
    await using server = await startServe({ MEMORY_LOG_LEVEL: 'info' });
    await server.tool('store_memory', { content: `Of the ${SECRET_WORDS}` }, traceparent('01'));
    await server.tool(
      'semantic_search',
      { query: SECRET_WORDS },
      { authorization: `Bearer ${SECRET_WORDS}` },
    );
    const lines = () =>
      server.log.split('\n').flatMap(line => (line.startsWith('{') ? [JSON.parse(line)] : [])) as Record<
        string,
        unknown
      >[];
    await until(() => lines().filter(({ msg }) => msg === 'request').length === 2);
    const [request] = lines().filter(({ msg }) => msg === 'request');
    const { method, principal, route, status, surface, trace_id } = request!;
    assert.deepEqual(
      { method, route, status, surface, trace_id },
      { method: 'POST', route: '/v1/tools/:name', status: 200, surface: 'rest', trace_id: TRACE },
    );
    assert.match(String(principal), /@.*\/rest$/);
    assert.ok(typeof request!['ms'] === 'number');
    const [tool] = lines().filter(({ msg }) => msg === 'tool');
    assert.deepEqual([tool!['tool'], tool!['outcome'], tool!['trace_id']], ['store_memory', 'ok', TRACE]);
    assert.doesNotMatch(server.log, new RegExp(SECRET_WORDS));
  });
});
