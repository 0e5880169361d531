import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { cutStalled } from '../../../src/surfaces/http/cutStalled.ts';

const STALLED_MS = 50;
/** More than the system keeps for a connection. */
const LARGE = 'x'.repeat(16 * 2 ** 20);
const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('who does not take the answer that it asked for', () => {
  it('is cut off', async () => {
    const server = await listening((_, response) => response.end(LARGE));
    const accepted = once(server, 'connection');
    const client = connected(server).pause();
    client.write(GET);
    const [socket] = (await accepted) as [Socket];
    await once(socket, 'close');
    assert.equal(socket.writableFinished, false);
    await ended(server, client);
  });

  it('is not cut off while it waits for the next one, having taken it', async () => {
    let answered = 0;
    const server = await listening((_, response) => {
      answered += 1;
      if (answered === 1) return void response.end(LARGE);
      setTimeout(() => response.end('the second'), 3 * STALLED_MS);
    });
    const client = connected(server);
    client.write(GET + GET);
    let told = '';
    for await (const part of client.setEncoding('latin1')) {
      told = (told + part).slice(-1000);
      if (told.endsWith('the second')) break;
    }
    assert.match(told, /the second$/);
    await ended(server, client);
  });
});

async function listening(answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  cutStalled(server, STALLED_MS);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function connected(server: Server): Socket {
  return connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
}

async function ended(server: Server, client: Socket): Promise<void> {
  client.destroy();
  server.close();
  await once(server, 'close');
}
