import { parentPort, workerData } from 'node:worker_threads';
import type { ToWorker, WorkerOptions } from '../surfaces/editor/engine/engineMessages.ts';
import { EngineWorker } from './engineWorkerHost.ts';

const port = parentPort;
if (!port) throw new Error('This program is started by the editor, as a thread.');
const worker = new EngineWorker(workerData as WorkerOptions, (message, moved) =>
  port.postMessage(message, moved),
);
port.on('message', async (message: ToWorker) => {
  if (message.kind !== 'stop') return worker.receive(message);
  await worker[Symbol.asyncDispose]().catch(() => {});
  port.close();
  process.exit(0);
});
