import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Settings } from '../config/settings.ts';
import type { Engine } from '../engine/engine.ts';
import { MemoryError } from '../engine/errors.ts';
import type { JobWorker } from '../engine/ports/jobQueue.ts';

export interface HealthServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * `/health` for probes, where the settings ask for it: 200 while the worker reaches its jobs, else 503, and why.
 * Rejects with `unavailable` when the address cannot be listened on.
 */
export async function serveHealth(
  settings: Settings,
  engine: Engine,
  worker: JobWorker,
): Promise<HealthServer | undefined> {
  const [host, port] = [settings['worker.healthHost'], settings['worker.healthPort']];
  if (port === 0) return undefined;
  const server = createServer({ requestTimeout: 10_000 }, async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/health') return void response.writeHead(404).end();
    const { status, body } = await look(engine, worker);
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  });
  server.listen(port, host);
  await once(server, 'listening').catch(error => {
    throw new MemoryError(
      'unavailable',
      `${host}:${port} cannot be listened on: ${error.message}`,
      'Set WORKER_HEALTH_HOST and WORKER_HEALTH_PORT to an address that is free.',
    );
  });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function look(engine: Engine, worker: JobWorker): Promise<{ status: number; body: object }> {
  try {
    const { byState, paused } = await engine.jobs.counts();
    return { status: 200, body: { status: 'ok', active: worker.active, paused, jobs: byState } };
  } catch (error) {
    return { status: 503, body: { status: 'unavailable', problem: (error as Error).message } };
  }
}
