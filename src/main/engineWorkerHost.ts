import { relative, sep } from 'node:path';
import { headCommit } from '../adapters/node/headCommit.ts';
import { localPrincipal } from '../adapters/node/principal.ts';
import { repositoryNamespace, repositoryRoot } from '../adapters/node/repositoryNamespace.ts';
import { dataDirectory } from '../config/dataDirectory.ts';
import { loadSettings } from '../config/loadSettings.ts';
import type { Settings } from '../config/settings.ts';
import type { Engine } from '../engine/engine.ts';
import { MemoryError } from '../engine/errors.ts';
import { type Caller, GLOBAL_NAMESPACE } from '../engine/model/caller.ts';
import type { Anchor } from '../engine/model/memory.ts';
import type { Logger } from '../engine/ports/logger.ts';
import {
  errorMessage,
  type FolderCaller,
  type FromWorker,
  type LocalServer,
  type LogLevel,
  type RequestName,
  type Requests,
  type ToWorker,
  type WorkerOptions,
} from '../surfaces/editor/engineMessages.ts';
import { type HttpServer, startHttpServer } from '../surfaces/mcp/httpServer.ts';
import { callToolsOn } from '../tools/callTool.ts';
import { findTool, toolsFor } from '../tools/registry.ts';
import { createEngine } from './createEngine.ts';
import { version } from './version.ts';

type Handlers = {
  readonly [N in RequestName]: (
    input: Requests[N]['input'],
    signal: AbortSignal,
    onProgress: (report: { readonly done: number }) => void,
  ) => Promise<Requests[N]['answer']>;
};

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** The engine and the local MCP server behind messages; it answers the extension host's `EngineWorkerClient`. */
export class EngineWorker implements AsyncDisposable {
  readonly #post: (message: FromWorker) => void;
  readonly #running = new Map<number, AbortController>();
  readonly #overrides: WorkerOptions['overrides'];
  readonly #folder = dataDirectory();
  #engine: Promise<Engine> | undefined;
  #server: Promise<HttpServer> | undefined;
  #watch: Disposable | undefined;

  constructor({ overrides }: WorkerOptions, post: (message: FromWorker) => void) {
    this.#post = post;
    this.#overrides = overrides;
  }

  receive(message: Exclude<ToWorker, { kind: 'stop' }>): void {
    if (message.kind === 'cancel') this.#running.get(message.id)?.abort();
    else void this.#answer(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const call of this.#running.values()) call.abort();
    this.#watch?.[Symbol.dispose]();
    await (await this.#server?.catch(() => undefined))?.[Symbol.asyncDispose]();
    await (await this.#engine?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }

  readonly #handlers: Handlers = {
    callTool: async ({ tool, input, caller, readOnly }, signal, onProgress) => {
      if (readOnly && findTool(tool)?.effect !== 'reads') throw notTrusted();
      return callToolsOn(() => this.#open())(tool, input, caller, { signal, onProgress });
    },
    tools: async () => toolsFor('editor').map(({ name, title, effect }) => ({ name, title, effect })),
    status: async () => (await this.#open()).status(),
    callerOf: async ({ folder }) => this.#callerOf(folder),
    anchorOf: async ({ file }) => anchorOf(file),
    reindex: async () => (await this.#open()).verifyIndex(),
    serve: async ({ token, caller }) => this.#serve(token, caller),
  };

  async #answer({ id, name, input }: Extract<ToWorker, { kind: 'request' }>): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    const report = (progress: { readonly done: number }) =>
      this.#post({ kind: 'progress', id, report: progress });
    try {
      const handler = this.#handlers[name] as Handlers['tools'];
      const value = await handler(input as never, controller.signal, report);
      this.#post({ kind: 'answer', id, value });
    } catch (error) {
      const failure = errorMessage(error);
      if (failure.code === undefined)
        this.#post({
          kind: 'log',
          level: 'error',
          message: `${name} failed`,
          fields: { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
        });
      this.#post({ kind: 'failure', id, error: failure });
    } finally {
      this.#running.delete(id);
    }
  }

  /** A failure is tried again at the next call: a full disk may have room by then. */
  #open(): Promise<Engine> {
    this.#engine ??= (async () => {
      const settings = this.#settings();
      const engine = await createEngine({
        settings,
        logger: this.#logger(settings['log.level']),
        dataDirectory: this.#folder,
      });
      this.#watch = engine.watch(() => this.#post({ kind: 'changed' }));
      return engine;
    })().catch(error => {
      this.#engine = undefined;
      throw error;
    });
    return this.#engine;
  }

  /** The files of the workspace do not count: a project's own DATABASE_URL is another database, and the store is shared. */
  #settings(): Settings {
    return loadSettings({ env: process.env, folders: [this.#folder], overrides: this.#overrides });
  }

  #callerOf(folder: string | undefined): FolderCaller {
    const { namespace, agent } = this.#settings();
    return {
      principal: localPrincipal('vscode'),
      namespace: namespace || (folder === undefined ? GLOBAL_NAMESPACE : repositoryNamespace(folder)),
      ...(agent && { agent }),
    };
  }

  async #serve(token: string, caller: Caller): Promise<LocalServer> {
    this.#server ??= startHttpServer({
      port: 0,
      token,
      call: callToolsOn(() => this.#open()),
      engine: () => this.#open(),
      caller: (client, namespace) => ({
        principal: localPrincipal(client ?? 'mcp'),
        instance: caller.instance,
        namespace: namespace ?? caller.namespace,
      }),
      version: version(),
      logger: this.#logger(this.#settings()['log.level']),
    }).catch(error => {
      this.#server = undefined;
      throw error;
    });
    return { url: (await this.#server).url };
  }

  #logger(least: Settings['log.level']): Logger {
    const log =
      (level: LogLevel) =>
      (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
        if (least !== 'silent' && LEVELS.indexOf(level) >= LEVELS.indexOf(least))
          this.#post({ kind: 'log', level, message, fields: JSON.parse(JSON.stringify(fields)) });
      };
    return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  }
}

function anchorOf(file: string): Anchor {
  const root = repositoryRoot(file);
  if (root === undefined) return { path: file.split(sep).join('/') };
  const commit = headCommit(root);
  return {
    repository: repositoryNamespace(root),
    path: relative(root, file).split(sep).join('/'),
    ...(commit !== undefined && { commit }),
  };
}

function notTrusted(): MemoryError {
  return new MemoryError(
    'forbidden',
    'This workspace is not trusted: memories can be read, not written.',
    'Trust the workspace with "Workspaces: Manage Workspace Trust".',
  );
}
