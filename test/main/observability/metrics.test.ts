import assert from 'node:assert/strict';
import { addProgram, NVIDIA_BANNER, NVIDIA_QUERY, printing } from '../../fixtures/gpuTools.ts';
import { freePort } from '../../fixtures/redis.ts';
import { type ServeProcess, startServe } from '../../fixtures/startServe.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const MCP = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

async function post({ mcp }: ServeProcess, body: object, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(`${mcp}/wombats`, {
    method: 'POST',
    headers: { ...MCP, ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', ...body }),
  });
  await answer.text();
  return answer;
}

describe('metrics of memory-central serve', function () {
  this.timeout(60_000);
  let server: ServeProcess;
  let metrics: string;
  let told: string;
  let tools: Awaited<ReturnType<typeof temporaryFolder>>;

  /** The value of one series; undefined where there is none. */
  const value = (series: string) => {
    const line = told.split('\n').find(one => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };

  before(async () => {
    const port = await freePort();
    metrics = `http://127.0.0.1:${port}/metrics`;
    tools = await temporaryFolder();
    const script = `case "$1" in --query-gpu=*) ${printing(NVIDIA_QUERY)}\n;; *) ${printing(NVIDIA_BANNER)}\n;; esac`;
    await addProgram(tools.path, 'nvidia-smi', script);
    const PATH = `${tools.path}:${process.env['PATH']}`;
    server = await startServe({ METRICS_PORT: `${port}`, PATH });
    await server.tool('store_memory', { content: 'Deploys run on Fridays', namespace: 'wombats' });
    for (let i = 0; i < 3; i++)
      await server.tool('semantic_search', { query: 'deploys', namespace: 'wombats' });
    await server.tool('register_agent', { agent_id: 'wombat', namespace: 'wombats' });
    await assert.rejects(server.tool('retrieve_memory', { memory_id: 'none' }));
    await assert.rejects(server.tool('wombat_tool', {}));
    await fetch(`${server.rest}/wombats/1?of=2`, { method: 'PROPFIND' });
    const hello = await post(server, {
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'wombat', version: '1' },
      },
    });
    const session = { 'mcp-session-id': hello.headers.get('mcp-session-id')! };
    assert.match(hello.headers.get('traceparent')!, /^00-[\da-f]{32}-[\da-f]{16}-00$/);
    await post(server, { method: 'notifications/initialized' }, session);
    await post(
      server,
      { id: 2, method: 'tools/call', params: { name: 'memory_stats', arguments: {} } },
      session,
    );
    told = await (await fetch(metrics)).text();
  });

  after(async () => {
    await server[Symbol.asyncDispose]();
    await tools[Symbol.asyncDispose]();
  });

  it('count tools by surface and outcome', () => {
    const calls = (tool: string, surface: string, outcome: string) =>
      value(`memory_central_tool_calls_total{tool="${tool}",surface="${surface}",outcome="${outcome}"}`);
    assert.equal(calls('store_memory', 'rest', 'ok'), 1);
    assert.equal(calls('semantic_search', 'rest', 'ok'), 3);
    assert.equal(calls('retrieve_memory', 'rest', 'not_found'), 1);
    assert.equal(calls('memory_stats', 'mcp', 'ok'), 1);
    assert.equal(
      value('memory_central_tool_duration_seconds_count{tool="semantic_search",surface="rest"}'),
      3,
    );
    assert.equal(value('memory_central_search_duration_seconds_count'), 3);
    assert.equal(
      value(
        'memory_central_store_duration_seconds_count{driver="node:sqlite",operation="memories.insert"}',
      ) ?? value('memory_central_store_duration_seconds_count{driver="libsql",operation="memories.insert"}'),
      1,
    );
  });

  it('count requests by the route that matched', () => {
    const requests = (surface: string, method: string, route: string, status: number) =>
      value(
        `memory_central_http_requests_total{surface="${surface}",method="${method}",route="${route}",status="${status}"}`,
      );
    assert.equal(requests('rest', 'POST', '/v1/tools/:name', 200), 5);
    assert.equal(requests('rest', 'POST', '/v1/tools/:name', 404), 2);
    assert.equal(requests('rest', 'OTHER', 'other', 404), 1);
    assert.equal(requests('mcp', 'POST', '/mcp/:namespace', 200), 2);
    assert.equal(value('memory_central_mcp_sessions'), 1);
    assert.equal(value('memory_central_http_requests_in_flight{surface="rest"}'), 0);
    assert.equal(value('memory_central_http_requests_in_flight{surface="mcp"}'), 0);
  });

  it('say how much there is', () => {
    assert.equal(value('memory_central_memories{type="context"}'), 1);
    assert.equal(value('memory_central_memories_by_priority{priority="medium"}'), 1);
    assert.equal(value('memory_central_tasks{state="dead"}'), 0);
    assert.equal(value('memory_central_jobs{state="waiting"}'), 0);
    // The session is one too, as soon as it was registered.
    assert.ok(value('memory_central_agents{presence="online"}')! >= 1);
    assert.equal(value('memory_central_cache_lookups_total{cache="responses",outcome="hit"}'), 2);
    assert.ok(value('process_resident_memory_bytes')! > 0);
  });

  it('say what each GPU does, and nothing that its tool does not tell', () => {
    const gpu = (metric: string, name: string) => value(`memory_central_gpu_${metric}{gpu="${name}"}`);
    assert.equal(gpu('busy_ratio', '0 NVIDIA H200'), 0.37);
    assert.equal(gpu('memory_used_bytes', '0 NVIDIA H200'), 18_322 * 2 ** 20);
    assert.ok(gpu('memory_total_bytes', '1 NVIDIA GeForce GT 1030')! > 0);
    assert.equal(gpu('busy_ratio', '1 NVIDIA GeForce GT 1030'), undefined);
  });

  it('name nobody: no namespace, client, address or text is a label', () => {
    assert.doesNotMatch(told, /wombat|[Dd]eploys/);
  });

  it('are at REST too, and the port of metrics has nothing else', async () => {
    const rest = await fetch(`${server.rest}/metrics`);
    assert.match(rest.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
    assert.match(await rest.text(), /^memory_central_tool_calls_total\{/m);
    assert.equal((await fetch(metrics.replace('/metrics', '/v1/health'))).status, 404);
    assert.equal((await fetch(metrics, { method: 'POST' })).status, 404);
  });
});
