import { createServer } from 'node:http';
import { listen, urlOf } from './listen.ts';

/** What Prometheus reads. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

export interface MetricsServer extends AsyncDisposable {
  /** Such as `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
}

/**
 * A port with nothing but `/metrics`, which asks nobody who they are: numbers, no texts and no names of people.
 * @param port 0: any free one
 * Rejects with `unavailable` when it is taken.
 */
export async function startMetricsServer(
  scrape: () => Promise<Exposition>,
  host: string,
  port: number,
): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Metrics are at GET /metrics.\n');
      return;
    }
    scrape().then(
      ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  const taken = await listen(server, host, port, { host: 'METRICS_HOST', port: 'METRICS_PORT' });
  return {
    url: urlOf(host, taken, '/metrics'),
    async [Symbol.asyncDispose]() {
      const closed = new Promise(resolve => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
