import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioTransport } from '../../../src/surfaces/mcp/stdioTransport.ts';

const REQUESTS = 20_000;
const ANSWER = { text: 'x'.repeat(1000) };

const request = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/list' }) as const;
const answer = (id: string | number) => ({ jsonrpc: '2.0', id, result: ANSWER }) as const;
const lines = (messages: readonly JSONRPCMessage[]) =>
  messages.map(message => `${JSON.stringify(message)}\n`).join('');

describe('the stdio transport', () => {
  it('reads no more from a client that does not read, and answers everything once it does', async () => {
    const { transport, input, output } = await open();
    transport.onmessage = message => void transport.send(answer((message as { id: number }).id));
    const asking = ask(input, REQUESTS);
    while (!input.isPaused()) await turn();
    assert.ok(output.writableLength + output.readableLength < 4_000_000, `${output.writableLength} bytes`);
    const told = count(output);
    await asking;
    input.end();
    await told.until(REQUESTS);
  });

  it('reads no more while too many requests are due, and goes on with each that is answered', async () => {
    const { transport, input, output } = await open();
    const due: number[] = [];
    transport.onmessage = message => due.push((message as { id: number }).id);
    const told = count(output);
    const asking = ask(input, REQUESTS);
    while (!input.isPaused()) await turn();
    assert.ok(due.length < REQUESTS / 2, `${due.length} are due`);
    while (told.lines < REQUESTS) {
      for (const id of due.splice(0)) await transport.send(answer(id));
      await turn();
    }
    await asking;
  });

  it('reads on, however many are due, for the answer to a question of its own', async () => {
    const { transport, input, output } = await open();
    output.resume();
    const answered = new Promise<void>(resolve => {
      transport.onmessage = message => {
        if (!('method' in message)) resolve();
      };
    });
    await transport.send({ jsonrpc: '2.0', id: 'roots', method: 'roots/list' });
    await ask(input, REQUESTS);
    input.write(lines([{ jsonrpc: '2.0', id: 'roots', result: { roots: [] } }]));
    await answered;
  });

  it('tells a client that does not read once what changes again and again', async () => {
    const { transport, output } = await open();
    const changed = (uri: string) =>
      transport.send({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } });
    await Promise.all([
      changed('memory://a/1'),
      ...Array.from({ length: 100 }, () => changed('memory://a/2')),
    ]);
    await changed('memory://a/2');
    const told = count(output);
    await transport.send(answer(1));
    await told.until(4);
    assert.equal(told.lines, 4);
  });
});

async function open() {
  const input = new PassThrough();
  const output = new PassThrough();
  const transport = new StdioTransport(input, output);
  await transport.start();
  return { transport, input, output };
}

/** Asks as fast as the pipe takes it. */
async function ask(input: PassThrough, requests: number): Promise<void> {
  for (let id = 1; id <= requests; id++) if (!input.write(lines([request(id)]))) await once(input, 'drain');
}

/** Reads from now on. */
function count(output: PassThrough) {
  const told = {
    lines: 0,
    async until(wanted: number): Promise<void> {
      while (told.lines < wanted) await turn();
    },
  };
  output.on('data', (chunk: Buffer) => {
    told.lines += chunk.toString().split('\n').length - 1;
  });
  return told;
}
