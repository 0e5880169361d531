import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { EngineStatus } from '../../engine/engine.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Anchor } from '../../engine/model/memory.ts';
import type { ToolResult } from '../../tools/runTool.ts';
import { EngineWorkerClient } from './engineWorkerClient.ts';
import { settingOverrides } from './settingOverrides.ts';

const API_KEY = 'embedding.apiKey';
const SERVER_TOKEN = 'mcp.token';

/** The engine as this window sees it: calls in the name of the window's folder, and news of changes. */
export class EngineClient implements vscode.Disposable {
  readonly #worker: EngineWorkerClient;
  readonly #secrets: vscode.SecretStorage;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #instance = `vscode-${randomUUID()}`;
  #caller: Promise<Caller> | undefined;

  /** Fires when any process changed the store. */
  readonly onChanged = this.#changed.event;

  constructor(program: string, secrets: vscode.SecretStorage, log: vscode.LogOutputChannel) {
    this.#secrets = secrets;
    this.#worker = new EngineWorkerClient(
      program,
      async () => {
        const apiKey = await secrets.get(API_KEY);
        return { overrides: { ...settingOverrides(), ...(apiKey && { 'embedding.apiKey': apiKey }) } };
      },
      {
        onChanged: () => this.#changed.fire(),
        onGone: reason =>
          log.error(`The memory engine is gone: ${reason}. It starts again with the next call.`),
        onLog: (level, message, fields) => log[level](message, fields),
      },
    );
  }

  /** Whether the engine runs in this window already. */
  get started(): boolean {
    return this.#worker.started;
  }

  /** Runs a tool on behalf of this window. In an untrusted workspace only those that read. */
  async call(tool: string, input: unknown, token?: vscode.CancellationToken): Promise<ToolResult> {
    const request = { tool, input, caller: await this.caller(), readOnly: !vscode.workspace.isTrusted };
    const controller = new AbortController();
    const cancelling = token?.onCancellationRequested(() => controller.abort());
    try {
      return await this.#worker.request('callTool', request, { signal: controller.signal });
    } finally {
      cancelling?.dispose();
    }
  }

  status(): Promise<EngineStatus> {
    return this.#worker.request('status', null);
  }

  anchorOf(file: string): Promise<Anchor> {
    return this.#worker.request('anchorOf', { file });
  }

  async reindex(): Promise<{ readonly checked: number; readonly repaired: readonly string[] }> {
    return this.#worker.request('reindex', null);
  }

  /** The local MCP server of this window, started when it is not running; its token stays in the editor's secret storage. */
  async serve(): Promise<{ readonly url: string; readonly token: string }> {
    let token = await this.#secrets.get(SERVER_TOKEN);
    if (!token) {
      token = `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
      await this.#secrets.store(SERVER_TOKEN, token);
    }
    const { url } = await this.#worker.request('serve', { token, caller: await this.caller() });
    return { url, token };
  }

  /** Who this window is: asked once, and again after a restart or another folder. */
  async caller(): Promise<Caller> {
    const folder = vscode.workspace.isTrusted
      ? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath
      : undefined;
    this.#caller ??= this.#worker
      .request('callerOf', { folder })
      .then(found => ({ ...found, instance: this.#instance }));
    try {
      return await this.#caller;
    } catch (error) {
      this.#caller = undefined;
      throw error;
    }
  }

  async setApiKey(key: string): Promise<void> {
    await this.#secrets.store(API_KEY, key);
    await this.restart();
  }

  /** Takes up changed settings: the engine stops, and starts with the next call. */
  async restart(): Promise<void> {
    this.#caller = undefined;
    await this.#worker.stop();
    this.#changed.fire();
  }

  async dispose(): Promise<void> {
    this.#changed.dispose();
    await this.#worker[Symbol.asyncDispose]();
  }
}
