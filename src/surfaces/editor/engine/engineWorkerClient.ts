import { Worker } from 'node:worker_threads';
import { MemoryError } from '../../../engine/errors.ts';
import type { WorkEvent } from '../../../engine/ports/eventBus.ts';
import type { Progress } from '../../../tools/defineTool.ts';
import {
  type FromWorker,
  type LogLevel,
  type RequestName,
  type Requests,
  type ToWorker,
  thrownError,
  type WorkerOptions,
} from './engineMessages.ts';
import { workEventOf } from './followWork.ts';

/** How long a stopping worker may take to close the store before it is ended. */
const STOP_MS = 3_000;
/**
 * One that died within this time after its start is followed by another only so much later: views ask again as soon as they hear of a death.
 */
const SOON_MS = 5_000;

export interface EngineWorkerListener {
  /** Some process changed the store. */
  onChanged(): void;
  /** Some agent did something with others. */
  onEvent(event: WorkEvent): void;
  /** The worker is gone, by itself; the next call starts another. */
  onGone(reason: string): void;
  onLog(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (report: Progress) => void;
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((report: Progress) => void) | undefined;
}

/**
 * The engine, in a thread of its own: its drivers are synchronous and would hold the extension host.
 * Nothing starts before the first request. A worker that died fails its calls with `unavailable`; the next one starts another, but not at
 * once after one that died young.
 */
export class EngineWorkerClient implements AsyncDisposable {
  readonly #program: string;
  readonly #options: () => Promise<WorkerOptions>;
  readonly #listener: EngineWorkerListener;
  readonly #pending = new Map<number, Pending>();
  #worker: Promise<Worker> | undefined;
  #lastId = 0;
  #closed = false;
  /** Until when none is started, and why. */
  #rest = { until: 0, reason: '' };

  /**
   * @param program the bundled worker, an absolute path
   * @param options asked at each start
   */
  constructor(program: string, options: () => Promise<WorkerOptions>, listener: EngineWorkerListener) {
    this.#program = program;
    this.#options = options;
    this.#listener = listener;
  }

  get started(): boolean {
    return this.#worker !== undefined;
  }

  /** Rejects with the worker's `MemoryError`, with `cancelled` once the signal fires, with `unavailable` when the worker dies. */
  async request<N extends RequestName>(
    name: N,
    input: Requests[N]['input'],
    { signal, onProgress }: RequestOptions = {},
  ): Promise<Requests[N]['answer']> {
    if (signal?.aborted) throw cancelled();
    this.#worker ??= this.#begin();
    const worker = await this.#worker;
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const cancel = () => {
        worker.postMessage({ kind: 'cancel', id } satisfies ToWorker);
        // At once: a recall nobody waits for must not keep its caller.
        if (this.#pending.delete(id)) reject(cancelled());
      };
      const done = () => signal?.removeEventListener('abort', cancel);
      this.#pending.set(id, {
        resolve: value => {
          done();
          resolve(value);
        },
        reject: error => {
          done();
          reject(error);
        },
        onProgress,
      });
      if (signal?.aborted) return cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      worker.postMessage({ kind: 'request', id, name, input } as ToWorker);
    });
  }

  /** Closes the store and ends the worker; the next request starts one with the options of then. */
  async stop(): Promise<void> {
    const starting = this.#worker;
    this.#worker = undefined;
    const worker = await starting?.catch(() => undefined);
    if (!worker) return;
    this.#failAll('it was stopped');
    await new Promise<void>(resolve => {
      const force = setTimeout(() => void worker.terminate(), STOP_MS);
      worker.once('exit', () => {
        clearTimeout(force);
        resolve();
      });
      worker.postMessage({ kind: 'stop' } satisfies ToWorker);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.stop();
  }

  /** One that could not be started is tried again at the next request. */
  #begin(): Promise<Worker> {
    const starting = this.#start();
    starting.catch(() => {
      if (this.#worker === starting) this.#worker = undefined;
    });
    return starting;
  }

  async #start(): Promise<Worker> {
    if (this.#closed)
      throw new MemoryError('unavailable', 'The window is closing.', 'Call again from an open window.');
    if (performance.now() < this.#rest.until) throw gone(this.#rest.reason);
    const worker = new Worker(this.#program, {
      workerData: await this.#options(),
      // Child processes of the engine run on the editor's executable, which becomes a plain Node with this.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    worker.on('message', (message: FromWorker) => this.#receive(message));
    const startedAt = performance.now();
    let reason = 'it ended';
    worker.on('error', error => {
      reason = error.message;
    });
    worker.on('exit', code => this.#gone(worker, startedAt, `${reason} (exit code ${code})`));
    return worker;
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'changed') this.#listener.onChanged();
    else if (message.kind === 'event') {
      const event = workEventOf(message.event);
      if (event) this.#listener.onEvent(event);
    } else if (message.kind === 'log') this.#listener.onLog(message.level, message.message, message.fields);
    else this.#answer(message);
  }

  #answer(message: Exclude<FromWorker, { kind: 'changed' | 'event' | 'log' }>): void {
    const call = this.#pending.get(message.id);
    if (!call) return;
    if (message.kind === 'progress') {
      call.onProgress?.(message.report);
      return;
    }
    this.#pending.delete(message.id);
    if (message.kind === 'answer') call.resolve(message.value as never);
    else call.reject(thrownError(message.error));
  }

  async #gone(worker: Worker, startedAt: number, reason: string): Promise<void> {
    const current = await this.#worker?.catch(() => undefined);
    if (current !== worker) return;
    this.#worker = undefined;
    const now = performance.now();
    if (now - startedAt < SOON_MS) this.#rest = { until: now + SOON_MS, reason };
    this.#failAll(reason);
    this.#listener.onGone(reason);
  }

  #failAll(reason: string): void {
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of calls) call.reject(gone(reason));
  }
}

function gone(reason: string): MemoryError {
  return new MemoryError(
    'unavailable',
    `The memory engine is gone: ${reason}.`,
    'Call again: it is started anew. What was acknowledged is kept.',
  );
}

function cancelled(): MemoryError {
  return new MemoryError('cancelled', 'The call was cancelled.', 'Call again if it is still wanted.');
}
