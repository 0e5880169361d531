import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import { setting } from '../settingOverrides.ts';

const TOKEN_SECRET = 'mcp.token';
const OFFER = 'memoryCentral.mcp.offerInEditor';

/** The MCP server of this window's engine: on loopback, any free port, behind a token that only the editor's secret storage holds. */
export class LocalServer {
  readonly #memory: EditorMemory;
  readonly #secrets: vscode.SecretStorage;

  constructor(memory: EditorMemory, secrets: vscode.SecretStorage) {
    this.#memory = memory;
    this.#secrets = secrets;
  }

  /** Starts it where it does not run yet. */
  async start(): Promise<{ readonly url: string; readonly token: string }> {
    let token = await this.#secrets.get(TOKEN_SECRET);
    if (token === undefined) {
      token = randomBytes(32).toString('base64url');
      await this.#secrets.store(TOKEN_SECRET, token);
    }
    const { url } = await this.#memory.request('serve', { token, caller: await this.#memory.caller() });
    return { url, token };
  }
}

/** Offers the server to VS Code itself by setting only: Copilot has the same tools already. */
export function registerServerProvider(server: LocalServer, memory: EditorMemory): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    memory.onDidChangeState(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration(OFFER)) changed.fire();
    }),
    vscode.lm.registerMcpServerDefinitionProvider('memoryCentral', {
      onDidChangeMcpServerDefinitions: changed.event,
      async provideMcpServerDefinitions() {
        if (!setting<boolean>('mcp.offerInEditor')) return [];
        const { url, token } = await server.start();
        const headers = { Authorization: `Bearer ${token}` };
        return [new vscode.McpHttpServerDefinition('Memory Central', vscode.Uri.parse(url), headers)];
      },
    }),
  );
}
