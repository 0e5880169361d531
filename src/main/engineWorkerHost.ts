import { dirname } from 'node:path';
import { localPrincipal } from '../adapters/node/principal.ts';
import { repositoryNamespace } from '../adapters/node/repositoryNamespace.ts';
import { dataDirectory } from '../config/dataDirectory.ts';
import { loadSettings } from '../config/loadSettings.ts';
import type { Settings } from '../config/settings.ts';
import type { Engine } from '../engine/engine.ts';
import { MemoryError } from '../engine/errors.ts';
import { type Caller, GLOBAL_NAMESPACE } from '../engine/model/caller.ts';
import { type ToolSet, toolSetsOf } from '../engine/model/toolSets.ts';
import type { Logger } from '../engine/ports/logger.ts';
import { AgentNames } from '../surfaces/editor/engine/agentNames.ts';
import { anchoredIn, placesOf } from '../surfaces/editor/engine/anchored.ts';
import { boardOf } from '../surfaces/editor/engine/board.ts';
import { browse, browseDays, similarRows, wholeMemory } from '../surfaces/editor/engine/browse.ts';
import { conflictsOf } from '../surfaces/editor/engine/conflicts.ts';
import { DashboardSource } from '../surfaces/editor/engine/dashboardSource.ts';
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
} from '../surfaces/editor/engine/engineMessages.ts';
import { followWork } from '../surfaces/editor/engine/followWork.ts';
import { mapOf } from '../surfaces/editor/engine/map.ts';
import { othersOf } from '../surfaces/editor/engine/others.ts';
import { sessionsOf } from '../surfaces/editor/engine/sessionRecords.ts';
import { tagCounts } from '../surfaces/editor/engine/tagCounts.ts';
import { taskNews, teamOf } from '../surfaces/editor/engine/team.ts';
import { oneToken } from '../surfaces/http/authenticate.ts';
import { type HttpServer, startHttpServer } from '../surfaces/mcp/httpServer.ts';
import { SessionAgent } from '../surfaces/mcp/sessionAgent.ts';
import { readWorkPage } from '../surfaces/mcp/workResources.ts';
import { workUri } from '../surfaces/mcp/workUri.ts';
import { callToolsOn } from '../tools/callTool.ts';
import { findTool, toolsFor } from '../tools/registry.ts';
import { anchorOf } from './anchorOf.ts';
import { createEngine } from './createEngine.ts';
import { examine, tryRedis } from './editorChecks.ts';
import { openWorkingCopies } from './openWorkingCopies.ts';
import { version } from './version.ts';

type Handlers = {
  readonly [N in RequestName]: (
    input: Requests[N]['input'],
    signal: AbortSignal,
    onProgress: (report: { readonly done: number }) => void,
  ) => Promise<Requests[N]['answer']>;
};

/** @param moved is not copied, and gone here afterwards */
type Post = (message: FromWorker, moved?: readonly ArrayBuffer[]) => void;

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** The engine and the local MCP server behind messages; it answers the extension host's `EngineWorkerClient`. */
export class EngineWorker implements AsyncDisposable {
  readonly #post: Post;
  readonly #running = new Map<number, AbortController>();
  readonly #overrides: WorkerOptions['overrides'];
  readonly #folder = dataDirectory();
  readonly #copies = openWorkingCopies();
  #engine: Promise<Engine> | undefined;
  #server: Promise<HttpServer> | undefined;
  #watch: Disposable | undefined;
  #work: Disposable | undefined;
  #names: AgentNames | undefined;
  #dashboard: DashboardSource | undefined;
  /** The agent that this window is; undefined while it has done nothing. */
  #agent: SessionAgent | undefined;

  constructor({ overrides }: WorkerOptions, post: Post) {
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
    this.#work?.[Symbol.dispose]();
    await this.#agent?.[Symbol.asyncDispose]();
    await (await this.#server?.catch(() => undefined))?.[Symbol.asyncDispose]();
    await (await this.#engine?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }

  readonly #handlers: Handlers = {
    callTool: async ({ tool, input, caller, readOnly }, signal, onProgress) => {
      if (readOnly && findTool(tool)?.effect !== 'reads') throw notTrusted();
      try {
        return await callToolsOn(() => this.#open(), this.#sets())(tool, input, caller, {
          signal,
          onProgress,
        });
      } finally {
        if (!readOnly) this.#appear(caller);
      }
    },
    tools: async () =>
      toolsFor('editor')
        .filter(({ set }) => this.#sets().includes(set))
        .map(({ name, title, effect }) => ({ name, title, effect })),
    status: async () => (await this.#open()).status(),
    callerOf: async ({ folder }) => this.#callerOf(folder),
    anchorOf: async ({ file }) => anchorOf(file),
    anchoredIn: async ({ file, caller, trusted, formerNames }) => {
      if (trusted) this.#copies.add(dirname(file));
      return anchoredIn(await this.#open(), anchorOf(file), caller, formerNames);
    },
    formerNames: async ({ file }, signal) => {
      const { path, repository } = anchorOf(file);
      return repository === undefined ? [] : this.#copies.formerPaths(repository, path, signal);
    },
    placesOf: async ({ id, caller }, signal) => {
      const engine = await this.#open();
      return placesOf(engine, id, caller, text => engine.sha256(text), signal);
    },
    board: async ({ caller }) => boardOf(await this.#open(), caller),
    sessions: async ({ caller }) => sessionsOf(await this.#open(), caller),
    tags: async ({ caller }) => tagCounts(await this.#open(), caller),
    conflicts: async ({ after, caller }) => conflictsOf(await this.#open(), caller, after),
    team: async ({ caller }) => teamOf(await this.#open(), caller),
    others: async ({ caller }) => othersOf(await this.#open(), caller),
    taskNews: async ({ caller, ...asked }) => {
      const engine = await this.#open();
      return taskNews(engine, asked, caller, this.#names ?? new AgentNames(engine.agents));
    },
    browse: async ({ caller, ...asked }, signal) => browse(await this.#open(), asked, caller, signal),
    browseDays: async ({ question, caller }) => browseDays(await this.#open(), question, caller),
    map: async ({ caller, ...asked }, signal) => mapOf(await this.#open(), asked, caller, signal),
    similarRows: async ({ id, caller }, signal) => similarRows(await this.#open(), id, caller, signal),
    wholeMemory: async ({ id, caller }) => wholeMemory(await this.#open(), id, caller),
    readPage: async ({ page: { kind, namespace, id }, caller }) =>
      (await readWorkPage(workUri(kind, namespace, id), await this.#open(), caller)).text,
    dashboard: async question => {
      const engine = await this.#open();
      this.#dashboard ??= new DashboardSource(engine);
      return this.#dashboard.sample(question);
    },
    tryRedis: async ({ overrides }) => tryRedis(this.#settings(overrides)),
    examine: async (_, signal) =>
      examine(
        { settings: this.#settings(), dataDirectory: this.#folder, engine: () => this.#open() },
        signal,
      ),
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
      this.#post({ kind: 'answer', id, value }, buffersOf(value));
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

  #appear(caller: Caller): void {
    this.#agent ??= new SessionAgent(() => this.#open(), this.#logger(this.#settings()['log.level']));
    this.#agent.appear(caller);
  }

  /** A failure is tried again at the next call: a full disk may have room by then. */
  #open(): Promise<Engine> {
    this.#engine ??= (async () => {
      const settings = this.#settings();
      const logger = this.#logger(settings['log.level']);
      const engine = await createEngine({
        ...{ settings, logger, copies: this.#copies },
        dataDirectory: this.#folder,
      });
      this.#watch = engine.watch(() => this.#post({ kind: 'changed' }));
      const viewer = { ...this.#callerOf(undefined), instance: '' };
      const names = new AgentNames(engine.agents);
      this.#names = names;
      this.#work = followWork(
        engine,
        viewer,
        event => {
          this.#post({ kind: 'event', event });
          names.hear(event).catch(error => logger.debug('an agent has no name', { reason: String(error) }));
        },
        logger,
      );
      return engine;
    })().catch(error => {
      this.#engine = undefined;
      throw error;
    });
    return this.#engine;
  }

  /** The files of the workspace do not count: a project's own DATABASE_URL is another database, and the store is shared. */
  #settings(overrides: WorkerOptions['overrides'] = {}): Settings {
    return loadSettings({
      env: process.env,
      folders: [this.#folder],
      overrides: { ...this.#overrides, ...overrides },
      overridesFrom: 'settings of the editor',
    });
  }

  /** Of the tools that models are offered. */
  #sets(): readonly ToolSet[] {
    return toolSetsOf(this.#settings()['tools.sets']);
  }

  #callerOf(folder: string | undefined): FolderCaller {
    const { namespace, agent } = this.#settings();
    if (folder !== undefined) this.#copies.add(folder);
    return {
      principal: localPrincipal('vscode'),
      namespace: namespace || (folder === undefined ? GLOBAL_NAMESPACE : repositoryNamespace(folder)),
      ...(agent && { agent }),
    };
  }

  async #serve(token: string, caller: Caller): Promise<LocalServer> {
    this.#server ??= startHttpServer({
      port: 0,
      authenticate: oneToken(token),
      call: callToolsOn(() => this.#open(), this.#sets()),
      engine: () => this.#open(),
      caller: (client, namespace, session) => {
        const principal = localPrincipal(client ?? 'mcp');
        return {
          principal,
          instance: session === undefined ? caller.instance : `${principal.client}-${session}`,
          namespace: namespace ?? caller.namespace,
          ...(session !== undefined && { lasting: true }),
        };
      },
      version: version(),
      sets: this.#sets(),
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

/** Of typed arrays that an answer consists of: each was made for it. */
function buffersOf(answer: unknown): readonly ArrayBuffer[] {
  const parts = typeof answer === 'object' && answer !== null ? Object.values(answer) : [];
  return parts.flatMap(part =>
    ArrayBuffer.isView(part) && part.buffer instanceof ArrayBuffer ? [part.buffer] : [],
  );
}

function notTrusted(): MemoryError {
  return new MemoryError(
    'forbidden',
    'This workspace is not trusted: memories can be read, not written.',
    'Trust the workspace with "Workspaces: Manage Workspace Trust".',
  );
}
