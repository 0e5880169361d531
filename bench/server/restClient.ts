import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  /** Seconds that the server asks to wait. */
  readonly retryAfter?: number;
  readonly body: Record<string, unknown>;
}

/** A client that keeps its connections. @param base such as `http://127.0.0.1:8000` @param connections at once at most; what is more waits here */
export function restClient(base: string, connections = 1) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const ask = (method: 'GET' | 'POST', path: string, body?: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const sent = request(base + path, { method, agent, headers }, response => {
        let text = '';
        response
          .setEncoding('utf8')
          .on('data', part => {
            text += part;
          })
          .once('error', reject)
          .once('end', () => {
            const retryAfter = response.headers['retry-after'];
            resolve({
              status: response.statusCode ?? 0,
              ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
              body: text.startsWith('{') ? JSON.parse(text) : {},
            });
          });
      });
      sent.once('error', reject).end(body);
    });
  return {
    /** @returns whatever the server says; rejects when the connection breaks */
    get: (path: string) => ask('GET', path),
    /** As `get`. */
    post: (path: string, body: unknown) => ask('POST', path, JSON.stringify(body)),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

export type RestClient = ReturnType<typeof restClient>;
