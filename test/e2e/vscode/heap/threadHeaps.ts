import type { InspectorNotification, NodeWorker } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';

const ENGINE = /\/engineWorker\.js$/;
const LOOKS = 4;
/** What finalizers let go of takes another turn. Milliseconds. */
const TURN_MS = 100;

/** What V8 compiles of code that runs often is no data, and would hide how that grows. */
export const NO_COMPILERS: readonly string[] = ['--no-sparkplug', '--no-maglev', '--no-opt'];

/** Bytes that are held once all garbage is gone. */
export interface Held {
  /** By the thread of the extension host. */
  readonly host: number;
  /** By that of our engine. */
  readonly engine: number;
}

/** Looks at the heaps of this process through V8's inspector, which alone reaches the engine's thread. */
export class ThreadHeaps {
  readonly #session = new Session();
  readonly #answers = new Map<number, (message: { readonly result?: unknown }) => void>();
  #engine: string | undefined;
  #lastId = 0;

  /** Before the engine starts. */
  async open(): Promise<void> {
    for (const flag of NO_COMPILERS) setFlagsFromString(flag);
    const session = this.#session;
    session.connect();
    session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
      if (ENGINE.test(workerInfo.url)) this.#engine = sessionId;
    });
    session.on('NodeWorker.receivedMessageFromWorker', message => this.#receive(message));
    await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }

  async held(): Promise<Held> {
    const host = (method: string) => this.#session.post(method);
    return { host: await used(host), engine: await used(method => this.#askEngine(method)) };
  }

  #askEngine(method: string): Promise<unknown> {
    if (this.#engine === undefined) throw new Error('The engine does not run.');
    const id = ++this.#lastId;
    const answered = new Promise<unknown>(resolve => {
      this.#answers.set(id, ({ result }) => resolve(result));
    });
    const params = { sessionId: this.#engine, message: JSON.stringify({ id, method }) };
    return this.#session.post('NodeWorker.sendMessageToWorker', params).then(() => answered);
  }

  #receive({ params }: InspectorNotification<NodeWorker.ReceivedMessageFromWorkerEventDataType>): void {
    const message = JSON.parse(params.message) as { readonly id: number; readonly result?: unknown };
    this.#answers.get(message.id)?.(message);
    this.#answers.delete(message.id);
  }
}

/** The lowest of several looks: what is being read or drawn just then is not held. */
async function used(ask: (method: string) => Promise<unknown>): Promise<number> {
  let lowest = Infinity;
  for (let look = 0; look < LOOKS; look++) {
    await ask('HeapProfiler.collectGarbage');
    await new Promise(resolve => setTimeout(resolve, TURN_MS));
    const { usedSize } = (await ask('Runtime.getHeapUsage')) as { readonly usedSize: number };
    lowest = Math.min(lowest, usedSize);
  }
  return lowest;
}
