import type { IncomingMessage, ServerResponse } from 'node:http';
import { isNestedDeeper } from '../../engine/model/nesting.ts';
import { type Held, NO_ROOM } from '../http/bodyRoom.ts';

/** More than the largest batch of memories that is accepted. */
export const MOST_BYTES = 8 * 1024 * 1024;
/** More than any tool takes, which says so itself; what is much deeper exhausts the stack of whoever writes it out. */
const MOST_DEEP = 500;

/**
 * The request's JSON; undefined when it was too large, too deep or no JSON, or there was no room, which has then been answered.
 * @param held what it takes
 */
export async function readJson(
  request: IncomingMessage,
  response: ServerResponse,
  held: Held,
): Promise<{ readonly json: unknown } | undefined> {
  const chunks: Buffer[] = [];
  const announced = Number(request.headers['content-length'] ?? 0);
  let bytes = 0;
  if (announced <= MOST_BYTES && !held.grow(announced)) return noRoom(response);
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      refuse(response, 413, -32600, `A request has at most ${MOST_BYTES} bytes.`);
      request.destroy();
      return undefined;
    }
    if (!held.grow(bytes)) {
      noRoom(response);
      request.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  let json: unknown;
  try {
    json = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    refuse(response, 400, -32700, 'Parse error: the body is no JSON.');
    return undefined;
  }
  if (!isNestedDeeper(json, MOST_DEEP)) return { json };
  refuse(response, 400, -32600, `A request has at most ${MOST_DEEP} levels of lists and objects.`);
  return undefined;
}

function noRoom(response: ServerResponse): undefined {
  response.setHeader('retry-after', '1');
  refuse(response, 429, -32000, `${NO_ROOM} Send it again.`);
}

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}
