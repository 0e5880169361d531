import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { EngineStatus } from '../../engine/engine.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { WorkEvent } from '../../engine/ports/eventBus.ts';
import type { Progress } from '../../tools/defineTool.ts';
import type { FolderCaller, RequestName, Requests } from './engine/engineMessages.ts';
import { EngineWorkerClient, type RequestOptions } from './engine/engineWorkerClient.ts';
import { settingOverrides } from './settingOverrides.ts';

const NAMESPACE_KEY = 'namespace';

/** A tool's answer as programs read it; the tools' own definitions say which fields there are. */
export interface Answer<T> {
  readonly structured: T;
  readonly text: string;
}

export interface CallOptions {
  /** A model calls, or is told the answer, and no person: it is one agent more. */
  readonly forModel?: boolean;
  readonly token?: vscode.CancellationToken | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (report: Progress) => void;
}

/** The memory as this window sees it: every command, view and tool calls through here. Nothing starts before the first call. */
export class EditorMemory implements vscode.Disposable {
  readonly log: vscode.LogOutputChannel;
  readonly #context: vscode.ExtensionContext;
  readonly #worker: EngineWorkerClient;
  readonly #instance = `vscode-${randomUUID()}`;
  readonly #callers = new Map<string, Promise<FolderCaller>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #namespace = new vscode.EventEmitter<void>();
  readonly #state = new vscode.EventEmitter<void>();
  readonly #status = new vscode.EventEmitter<EngineStatus>();
  readonly #work = new vscode.EventEmitter<WorkEvent>();
  #crash: string | undefined;
  /** Settings that are changed together, one such change after the other. */
  #changes: Promise<void> = Promise.resolve();
  #changing = false;

  /** Some process changed the store, or another namespace was chosen. */
  readonly onDidChange = this.#changed.event;
  /** Another namespace was chosen. */
  readonly onDidChangeNamespace = this.#namespace.event;
  /** The engine started, stopped or died. */
  readonly onDidChangeState = this.#state.event;
  /** The engine said how it is. */
  readonly onDidLearnStatus = this.#status.event;
  /** Some agent did something with others; told while the engine runs. */
  readonly onDidWork = this.#work.event;

  constructor(context: vscode.ExtensionContext, program: string, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.log = log;
    const options = async () => {
      const overrides = await settingOverrides(context);
      this.#crash = undefined;
      queueMicrotask(() => this.#state.fire());
      return { overrides };
    };
    this.#worker = new EngineWorkerClient(program, options, {
      onChanged: () => this.#changed.fire(),
      onEvent: event => this.#work.fire(event),
      onGone: reason => {
        this.#crash = reason;
        log.error(`The memory engine is gone: ${reason}. The next call starts another.`);
        this.#state.fire();
      },
      onLog: (level, message, fields) => log[level](message, fields),
    });
  }

  /** False while nothing was asked for yet. */
  get started(): boolean {
    return this.#worker.started;
  }

  /** Why the engine died, until it is started again. */
  get crash(): string | undefined {
    return this.#crash;
  }

  /** Runs a tool for this window. Rejects with `MemoryError`s. */
  async call<T = Record<string, unknown>>(
    tool: string,
    input: object,
    options: CallOptions = {},
  ): Promise<Answer<T>> {
    const cancel = options.token && abortOn(options.token);
    const signal = options.signal ?? cancel?.signal;
    try {
      const { person, ...model } = await this.caller();
      const caller: Caller = options.forModel ? model : { ...model, ...(person && { person }) };
      const request = { tool, input, caller, readOnly: !vscode.workspace.isTrusted };
      const answer = await this.request('callTool', request, {
        ...(signal && { signal }),
        ...(options.onProgress && { onProgress: options.onProgress }),
      });
      return answer as unknown as Answer<T>;
    } finally {
      cancel?.dispose();
    }
  }

  async request<N extends RequestName>(
    name: N,
    input: Requests[N]['input'],
    options?: RequestOptions,
  ): Promise<Requests[N]['answer']> {
    return this.#worker.request(name, input, options);
  }

  async status(): Promise<EngineStatus> {
    const status = await this.request('status', null);
    this.#status.fire(status);
    return status;
  }

  /** On whose behalf this window calls; its namespace is the one chosen, else the setting's, else the folder's repository. */
  async caller(folder = currentFolder()): Promise<Caller> {
    const key = folder ?? '';
    const known = this.#callers.get(key) ?? this.request('callerOf', { folder });
    this.#callers.set(key, known);
    try {
      const { namespace, ...caller } = await known;
      return {
        ...{ ...caller, instance: this.#instance, lasting: true, person: true },
        namespace: this.chosenNamespace ?? namespace,
      };
    } catch (error) {
      this.#callers.delete(key);
      throw error;
    }
  }

  /** Chosen for this workspace with "Switch Namespace"; an untrusted workspace keeps to what holds everywhere. */
  get chosenNamespace(): string | undefined {
    return vscode.workspace.isTrusted ? this.#context.workspaceState.get<string>(NAMESPACE_KEY) : undefined;
  }

  /** @param namespace undefined: the folder's own again */
  async chooseNamespace(namespace: string | undefined): Promise<void> {
    await this.#context.workspaceState.update(NAMESPACE_KEY, namespace);
    this.#namespace.fire();
    this.#changed.fire();
  }

  /** Changes settings that belong together: no engine is started with some of them only. Rejects as `change` does. */
  changeTogether(change: () => Promise<void>): Promise<void> {
    const changed = this.#changes.then(async () => {
      this.#changing = true;
      try {
        await change();
      } finally {
        this.#changing = false;
        await this.restart();
      }
    });
    this.#changes = changed.catch(() => {});
    return changed;
  }

  /** Settings or trust changed: the next call starts an engine that follows them. */
  async restart(): Promise<void> {
    if (this.#changing) return;
    this.#callers.clear();
    await this.#worker.stop();
    this.#state.fire();
    this.#changed.fire();
  }

  /** Resolves when the store is closed. */
  async close(): Promise<void> {
    await this.#worker[Symbol.asyncDispose]();
  }

  dispose(): void {
    this.#changed.dispose();
    this.#namespace.dispose();
    this.#state.dispose();
    this.#status.dispose();
    this.#work.dispose();
  }
}

/** Folder of a file, by default the one that is being edited, else the first one; undefined when none is on disk, or none is trusted. */
export function currentFolder(open = vscode.window.activeTextEditor?.document.uri): string | undefined {
  if (!vscode.workspace.isTrusted) return undefined;
  const own = open && vscode.workspace.getWorkspaceFolder(open);
  const folder = own ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
}

export function abortOn(
  token: vscode.CancellationToken,
): { readonly signal: AbortSignal } & vscode.Disposable {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const listener = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => listener.dispose() };
}
