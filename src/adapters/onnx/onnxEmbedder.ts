import { availableParallelism } from 'node:os';
import { checkTextCount } from '../../engine/embedding/checkTextCount.ts';
import { MemoryError } from '../../engine/errors.ts';
import type { Embedder, EmbedderState } from '../../engine/ports/embedder.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { EmbedderReply } from './embedderMessages.ts';
import { EmbedderProcess, type EmbedderProgram } from './embedderProcess.ts';
import { EmbedJob, type Group } from './embedJob.ts';
import { miniLm } from './miniLm.ts';
import { findModel } from './verifyModel.ts';

/** Background groups with the process at a time: one is computed while the next is on its way. */
const WINDOW = 2;
/** The engine, which asks, needs a core itself: on two, a second thread made its searches half as slow again. */
const THREADS = availableParallelism() > 2 ? 2 : 1;
const BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/** Where the model is and how the embedding process is run. */
export interface OnnxEmbedderOptions {
  /** The bundled program of the embedding process, an absolute path. */
  readonly program: string;
  /** Folder with the model's files and their `SHA256SUMS`. */
  readonly modelDirectory: string;
  readonly logger: Logger;
  /** The process ends after so many milliseconds without work. Default 60,000. */
  readonly idleMs?: number;
  /** Called when the process has ended for want of work: a moment to tidy up. */
  readonly onIdle?: () => void;
  /** A process that holds work and is silent for so long, in milliseconds, is killed. Default 60,000. */
  readonly stallMs?: number;
  /** Computing threads. Default 2, where there are more cores: half as fast again as 1, and a developer's machine stays free. */
  readonly threads?: number;
  /** `wasm` skips the native runtime. Default `auto`. */
  readonly device?: 'auto' | 'wasm';
  /** Arguments of Node for the process. Default: none, whatever ours are. */
  readonly execArgv?: readonly string[];
  /** Node's executable. Default: the one we run on. */
  readonly nodePath?: string;
}

/**
 * The shipped all-MiniLM-L6-v2 in a child process: started at the first call, ended when idle, started again after a crash.
 * A call of one text is taken for a question and overtakes batches. Nothing is loaded until the first call.
 */
export function createOnnxEmbedder(options: OnnxEmbedderOptions): Embedder {
  return new OnnxEmbedder(options);
}

class OnnxEmbedder implements Embedder {
  readonly model = miniLm;
  readonly #program: EmbedderProgram;
  readonly #logger: Logger;
  readonly #idleMs: number;
  readonly #stallMs: number;
  readonly #onIdle: () => void;
  readonly #jobs = new Set<EmbedJob>();
  readonly #sent = new Map<number, Group>();
  #process: EmbedderProcess | undefined;
  #stopping: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #working: boolean | undefined;
  #ready = false;
  #device: string | undefined;
  #problem: { message: string; fix: string } | undefined;
  #failures = 0;
  #retryAt = 0;
  #nextId = 1;
  #closed = false;

  constructor(options: OnnxEmbedderOptions) {
    const { program, modelDirectory, device = 'auto', threads = THREADS } = options;
    const { execArgv = [], nodePath = process.execPath } = options;
    this.#program = { program, args: [modelDirectory, device, String(threads)], execArgv, nodePath };
    this.#logger = options.logger;
    this.#idleMs = options.idleMs ?? 60_000;
    this.#stallMs = options.stallMs ?? 60_000;
    this.#onIdle = options.onIdle ?? (() => {});
  }

  state(): EmbedderState {
    const device = this.#device === undefined ? {} : { device: this.#device };
    if (this.#problem !== undefined) {
      return { status: 'failed', problem: `${this.#problem.message} ${this.#problem.fix}`, ...device };
    }
    if (this.#ready) return { status: 'ready', ...device };
    const missing = this.#missing();
    return missing === undefined
      ? { status: 'idle', ...device }
      : { status: 'failed', problem: `${missing.message} ${missing.fix}`, ...device };
  }

  async embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]> {
    if (signal?.aborted)
      throw new MemoryError('cancelled', 'The call was cancelled.', 'Call again if needed.');
    checkTextCount(texts);
    if (this.#closed) throw closed();
    if (this.#problem !== undefined && performance.now() < this.#retryAt) throw this.#unavailable();
    if (texts.length === 0) return [];
    const job = new EmbedJob(texts, this.model.dimensions, signal, () => this.#settled(job));
    this.#jobs.add(job);
    this.#pump();
    return job.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const job of this.#jobs) job.reject(closed());
    this.#stop();
    await this.#stopping;
  }

  /** Sends what may be sent: every urgent group, and others while the window allows. */
  #pump(): void {
    this.#process ??= this.#start();
    for (const job of this.#jobs) {
      while (job.urgent || this.#sent.size < WINDOW) {
        const group = job.take();
        if (group === undefined) break;
        const id = this.#nextId++;
        this.#sent.set(id, group);
        this.#process.send({ id, texts: job.texts.slice(group.start, group.end), urgent: job.urgent });
      }
    }
    this.#watch();
  }

  #start(): EmbedderProcess {
    const child: EmbedderProcess = new EmbedderProcess(this.#program, {
      onReply: reply => {
        if (child === this.#process) this.#reply(reply);
      },
      onGone: reason => {
        if (child === this.#process) this.#crashed(reason, child.errors);
      },
    });
    this.#logger.debug('embedding process started', { pid: child.pid });
    return child;
  }

  #reply(reply: EmbedderReply): void {
    if (reply.kind === 'failed') this.#failed(reply);
    else if (reply.kind === 'ready') this.#loaded(reply.device);
    else this.#answered(reply);
  }

  /** What a model that is not loaded lacks for sure. */
  #missing(): MemoryError | undefined {
    try {
      findModel(this.#program.args[0]!);
      return undefined;
    } catch (error) {
      return error as MemoryError;
    }
  }

  #loaded(device: string): void {
    this.#ready = true;
    this.#problem = undefined;
    this.#device = device;
    this.#timer?.refresh();
    if (device === 'wasm') this.#logger.warn('embeddings are computed in WebAssembly, several times slower');
  }

  #answered(reply: Extract<EmbedderReply, { id: number }>): void {
    this.#failures = 0;
    this.#timer?.refresh();
    const group = this.#sent.get(reply.id);
    this.#sent.delete(reply.id);
    if (reply.kind === 'vectors') group?.job.accept(group, reply.vectors);
    else
      group?.job.reject(
        new MemoryError('unavailable', `The text cannot be embedded: ${reply.message}`, 'Try again.'),
      );
    if (this.#jobs.size > 0) this.#pump();
  }

  #settled(job: EmbedJob): void {
    this.#jobs.delete(job);
    this.#watch();
  }

  /** Keeps one timer: with work it waits for a sign of life of the process, without for the end of the idle time. */
  #watch(): void {
    const child = this.#process;
    const working = this.#jobs.size > 0;
    if (child === undefined || working === this.#working) return;
    this.#working = working;
    child.keepAlive(working);
    clearTimeout(this.#timer);
    if (working) this.#timer = setTimeout(() => child.kill(), this.#stallMs);
    else if (Number.isFinite(this.#idleMs))
      this.#timer = setTimeout(() => this.#rest(), this.#idleMs).unref();
  }

  #rest(): void {
    this.#stop();
    void this.#stopping.then(this.#onIdle);
  }

  #stop(): void {
    const child = this.#detach();
    if (child !== undefined) this.#stopping = Promise.all([this.#stopping, child.stop()]).then(() => {});
  }

  #detach(): EmbedderProcess | undefined {
    const child = this.#process;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#working = undefined;
    this.#process = undefined;
    this.#ready = false;
    this.#sent.clear();
    return child;
  }

  /** The process died under its work: once that work is tried again, then its callers are told. */
  #crashed(reason: string, errors: string): void {
    const groups = [...this.#sent.values()].reverse();
    const wasReady = this.#ready;
    this.#detach();
    this.#logger.warn('embedding process ended unexpectedly', { reason, errors });
    // Without work nothing failed: somebody else ended it.
    if (wasReady && this.#jobs.size === 0) return;
    this.#failures++;
    this.#problem = {
      message: `The embedding process ended unexpectedly (${reason}).`,
      fix: 'It is started again by itself; if this repeats, see the log, or choose another embedding model in the settings.',
    };
    for (const job of new Set(groups.map(group => group.job))) {
      if (++job.crashes > 1) job.reject(this.#unavailable());
    }
    for (const group of groups) group.job.giveBack(group);
    if (this.#failures > 1) this.#backOff();
    else if (this.#jobs.size > 0) this.#pump();
  }

  /** The process says that it cannot work: no use trying again at once. */
  #failed(problem: { readonly message: string; readonly fix: string }): void {
    this.#stop();
    this.#failures++;
    this.#problem = problem;
    this.#logger.error('embedding model cannot be used', { problem: problem.message });
    this.#backOff();
  }

  #backOff(): void {
    this.#retryAt = performance.now() + Math.min(BACKOFF_MS * 2 ** (this.#failures - 1), MAX_BACKOFF_MS);
    for (const job of this.#jobs) job.reject(this.#unavailable());
  }

  #unavailable(): MemoryError {
    const { message, fix } = this.#problem!;
    return new MemoryError('unavailable', message, fix);
  }
}

function closed(): MemoryError {
  return new MemoryError('unavailable', 'The embedder is closed.', 'Start Memory Central again.');
}
