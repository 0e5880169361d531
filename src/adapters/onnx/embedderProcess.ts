import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { EmbedderReply, EmbedRequest } from './embedderMessages.ts';

const STOP_MS = 2_000;
const ERROR_TAIL = 2_000;
/** All that the process gets of our environment: it needs no key and no token. */
const ENVIRONMENT =
  /^(PATH|HOME|LANG|TMP|TEMP|TMPDIR|USERPROFILE|SYSTEMROOT|WINDIR|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH)$/i;

/** How to start the embedding process. */
export interface EmbedderProgram {
  /** The bundled program, an absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly execArgv: readonly string[];
  readonly nodePath: string;
}

/** What the embedding process tells its owner. */
export interface EmbedderListener {
  onReply(reply: EmbedderReply): void;
  /** It is gone without having been stopped. Called once. */
  onGone(reason: string): void;
}

/** One life of the embedding process. It ends with us, however we end, and never keeps us alive by itself. */
export class EmbedderProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #errors = '';
  #stopping = false;

  constructor(program: EmbedderProgram, listener: EmbedderListener) {
    const environment = Object.entries(process.env).filter(([name]) => ENVIRONMENT.test(name));
    this.#child = spawn(program.nodePath, [...program.execArgv, program.program, ...program.args], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      windowsHide: true,
      env: {
        ...Object.fromEntries(environment),
        // Inside VS Code our executable is Electron, which becomes a plain Node with this.
        ELECTRON_RUN_AS_NODE: '1',
        ORT_DISABLE_TELEMETRY: '1',
      },
    });
    this.#child.on('message', reply => listener.onReply(reply as EmbedderReply));
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-ERROR_TAIL);
    });
    this.#exited = new Promise(resolve => {
      const gone = (reason: string) => {
        resolve();
        if (!this.#stopping) listener.onGone(reason);
        this.#stopping = true;
      };
      this.#child.once('error', error => gone(error.message));
      // Not `close`: Node does not report it after a `disconnect()` of ours.
      this.#child.once('exit', (code, signal) => gone(signal ?? `exit code ${code}`));
    });
    this.keepAlive(false);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The end of what it wrote to its error output. */
  get errors(): string {
    return this.#errors;
  }

  send(request: EmbedRequest): void {
    // A failed send means that it died, which is reported by its exit.
    if (this.#child.connected) this.#child.send(request, () => {});
  }

  /** Whether it keeps our process alive: only while somebody waits for an answer. */
  keepAlive(waiting: boolean): void {
    const handles = [this.#child, this.#child.channel, this.#child.stderr as Socket | null];
    for (const handle of handles) {
      if (waiting) handle?.ref();
      else handle?.unref();
    }
  }

  /** Ends it at once, as a crash; for one that does not answer any more. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Resolves when it is gone; nothing is reported to the listener any more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.keepAlive(true);
    if (this.#child.connected) this.#child.disconnect();
    const force = setTimeout(() => this.kill(), STOP_MS);
    await this.#exited;
    clearTimeout(force);
  }
}
