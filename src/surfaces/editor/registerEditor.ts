import * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
import type { EditorMemory } from './editorMemory.ts';
import { registerLanguageModelTools } from './languageModelTools.ts';
import { LocalServer, registerServerProvider } from './localServer.ts';
import { MemoriesView } from './memoriesView.ts';
import { MemoryFiles } from './memoryFiles.ts';
import { MEMORY_SCHEME } from './memoryUri.ts';
import { registerParticipant } from './participant.ts';
import { setting } from './settingOverrides.ts';
import { showError } from './showError.ts';
import { StatusBar } from './statusBar.ts';

/** Everything the editor shows of the memory. Nothing of it calls the engine before a person or a model does. */
export function registerEditor(context: vscode.ExtensionContext, memory: EditorMemory): vscode.Disposable {
  const view = new MemoriesView(memory, context.workspaceState);
  const files = new MemoryFiles(memory);
  const server = new LocalServer(memory, context.secrets);
  const tree = vscode.window.createTreeView('memoryCentral.memories', {
    treeDataProvider: view,
    showCollapseAll: true,
  });
  // A lone view is titled "container: view", which leaves no room beside the actions; equal names are shown once.
  tree.title = 'Memory Central';
  return vscode.Disposable.from(
    view,
    files,
    tree,
    vscode.workspace.registerFileSystemProvider(MEMORY_SCHEME, files, { isCaseSensitive: true }),
    new StatusBar(memory),
    registerCommands(context, memory, view),
    registerLanguageModelTools(context, memory),
    registerParticipant(memory),
    registerServerProvider(server, memory),
    hostServer(server, memory),
    restartOnChanges(memory),
  );
}

/** Once the engine runs, other clients of this machine may use it too. */
function hostServer(server: LocalServer, memory: EditorMemory): vscode.Disposable {
  return memory.onDidChangeState(() => {
    if (!memory.started || !vscode.workspace.isTrusted || !setting<boolean>('mcp.hostInEditor')) return;
    server
      .start()
      .catch(error => memory.log.warn('The local MCP server did not start', { error: String(error) }));
  });
}

function restartOnChanges(memory: EditorMemory): vscode.Disposable {
  const restart = () => {
    memory.restart().catch(error => showError(memory, error));
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration(event => {
      const others = ['mcp.offerInEditor', 'mcp.hostInEditor'];
      const only = others.some(name => event.affectsConfiguration(`memoryCentral.${name}`));
      if (event.affectsConfiguration('memoryCentral') && !only) restart();
    }),
  );
}
