import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { EngineStatus } from '../../engine/engine.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Progress } from '../../tools/defineTool.ts';
import type { FolderCaller, RequestName, Requests } from './engineMessages.ts';
import { EngineWorkerClient, type RequestOptions } from './engineWorkerClient.ts';
import { settingOverrides } from './settingOverrides.ts';

const NAMESPACE_KEY = 'namespace';
export const API_KEY_SECRET = 'embedding.apiKey';

/** A tool's answer as programs read it; the tools' own definitions say which fields there are. */
export interface Answer<T> {
  readonly structured: T;
  readonly text: string;
}

export interface CallOptions {
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
  readonly #state = new vscode.EventEmitter<void>();
  #crash: string | undefined;

  /** Some process changed the store, or another namespace was chosen. */
  readonly onDidChange = this.#changed.event;
  /** The engine started, stopped or died. */
  readonly onDidChangeState = this.#state.event;

  constructor(context: vscode.ExtensionContext, program: string, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.log = log;
    const options = async () => {
      this.#crash = undefined;
      queueMicrotask(() => this.#state.fire());
      return { overrides: await settingOverrides(context, await context.secrets.get(API_KEY_SECRET)) };
    };
    this.#worker = new EngineWorkerClient(program, options, {
      onChanged: () => this.#changed.fire(),
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
      const caller = await this.caller();
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
    return this.request('status', null);
  }

  /** On whose behalf this window calls; its namespace is the one chosen, else the setting's, else the folder's repository. */
  async caller(): Promise<Caller> {
    const folder = currentFolder();
    const key = folder ?? '';
    const known = this.#callers.get(key) ?? this.request('callerOf', { folder });
    this.#callers.set(key, known);
    try {
      const { namespace, ...caller } = await known;
      return { ...caller, instance: this.#instance, namespace: this.chosenNamespace ?? namespace };
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
    this.#changed.fire();
  }

  /** Settings or trust changed: the next call starts an engine that follows them. */
  async restart(): Promise<void> {
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
    this.#state.dispose();
  }
}

/** Folder of the file that is being edited, else the first one; undefined when none is on disk, or none is trusted. */
export function currentFolder(): string | undefined {
  if (!vscode.workspace.isTrusted) return undefined;
  const open = vscode.window.activeTextEditor?.document.uri;
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
