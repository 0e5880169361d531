import assert from 'node:assert/strict';
import { EventLog } from '../../../src/surfaces/mcp/eventLog.ts';
import { workUri } from '../../../src/surfaces/mcp/workUri.ts';
import { claude } from '../../fixtures/callers.ts';
import { httpMemory } from '../../fixtures/httpMemory.ts';
import { until } from '../../fixtures/until.ts';

/** A session as its bytes are, since a client of the SDK hides when it goes on. */
async function openSession(url: string) {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-11-25',
  };
  const post = async (message: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    const response = await fetch(url, { method: 'POST', headers, body });
    await response.text();
    return response;
  };
  const clientInfo = { name: 'reader', version: '1' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const opened = await post({ id: 1, method: 'initialize', params });
  headers['mcp-session-id'] = opened.headers.get('mcp-session-id')!;
  await post({ method: 'notifications/initialized' });
  return {
    post,
    /** Opens the stream of changes; `events` fill as they come. */
    async listen(after?: string) {
      const closing = new AbortController();
      const response = await fetch(url, {
        headers: { ...headers, ...(after !== undefined && { 'last-event-id': after }) },
        signal: closing.signal,
      });
      const events: { readonly id: string; readonly data: string }[] = [];
      void (async () => {
        let text = '';
        for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
          text += chunk;
          const blocks = text.split('\n\n');
          text = blocks.pop()!;
          for (const block of blocks) {
            const data = /^data: (.+)$/m.exec(block)?.[1];
            if (data) events.push({ id: /^id: (.+)$/m.exec(block)?.[1] ?? '', data });
          }
        }
      })().catch(() => {});
      return { status: response.status, events, close: () => closing.abort() };
    },
  };
}

describe('a stream of changes over HTTP that broke', function () {
  this.timeout(60_000);

  it('goes on after the last event that its client saw', async () => {
    await using memory = await httpMemory();
    const { tasks } = memory.engine;
    const session = await openSession(`${memory.url}/shop`);
    const uri = workUri('tasks', 'shop');
    await session.post({ id: 2, method: 'resources/subscribe', params: { uri } });
    const before = await session.listen();
    await tasks.submit({ title: 'Seen' }, claude);
    await until(() => before.events.length > 0);
    const { id } = before.events.at(-1)!;
    before.close();
    // Nobody listens now.
    await tasks.submit({ title: 'Missed' }, claude);
    let after = await session.listen(id);
    // As long as the server has not noticed that the first stream is gone.
    while (after.status === 409) after = await session.listen(id);
    assert.equal(after.status, 200);
    await until(() => after.events.length > 0);
    assert.notEqual(after.events[0]!.id, id);
    assert.match(after.events[0]!.data, /resources\/updated.*memory-central:\/\/tasks\/shop/);
    after.close();
  });
});

describe('the events of a session', () => {
  const message = (text: string) => ({ jsonrpc: '2.0', method: text }) as const;
  const replay = async (log: EventLog, id: string) => {
    const told: string[] = [];
    const stream = await log.replayEventsAfter(id, {
      send: async (_, sent) => void told.push((sent as { method: string }).method),
    });
    return { stream, told };
  };

  it('are replayed within their own stream only', async () => {
    const log = new EventLog();
    const first = await log.storeEvent('a', message('one'));
    await log.storeEvent('b', message('two'));
    await log.storeEvent('a', message('three'));
    assert.deepEqual(await replay(log, first), { stream: 'a', told: ['three'] });
  });

  it('go, the oldest first, when they take more room than they may', async () => {
    const log = new EventLog(() => 2 * JSON.stringify(message('three')).length);
    const first = await log.storeEvent('_GET_stream', message('one'));
    for (const text of ['two', 'three', 'four']) await log.storeEvent('_GET_stream', message(text));
    assert.deepEqual(await replay(log, first), { stream: '_GET_stream', told: ['three', 'four'] });
  });

  it('go as well when their share has become smaller', async () => {
    const one = JSON.stringify(message('three')).length;
    let most = 4 * one;
    const log = new EventLog(() => most);
    const first = await log.storeEvent('_GET_stream', message('one'));
    for (const text of ['two', 'three']) await log.storeEvent('_GET_stream', message(text));
    most = one;
    log.trim();
    assert.deepEqual(await replay(log, first), { stream: '_GET_stream', told: ['three'] });
  });
});
