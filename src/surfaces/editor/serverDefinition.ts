import * as vscode from 'vscode';
import type { EngineClient } from './engineClient.ts';
import { SECTION } from './settingOverrides.ts';

const OFFER = 'mcp.offerInEditor';

/** Offers the window's MCP server to VS Code itself, by setting only: Copilot has the same tools already. */
export function registerServerDefinition(client: EngineClient): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const offered = () => vscode.workspace.getConfiguration(SECTION).get<boolean>(OFFER) === true;
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration(`${SECTION}.${OFFER}`)) changed.fire();
    }),
    vscode.lm.registerMcpServerDefinitionProvider('memoryCentral.server', {
      onDidChangeMcpServerDefinitions: changed.event,
      async provideMcpServerDefinitions() {
        if (!offered()) return [];
        const { url, token } = await client.serve();
        return [
          new vscode.McpHttpServerDefinition('Memory Central', vscode.Uri.parse(url), {
            Authorization: `Bearer ${token}`,
          }),
        ];
      },
    }),
  );
}
