import * as vscode from 'vscode';
import { MemoryError } from '../../engine/errors.ts';
import { registerBrowser } from './browser/registerBrowser.ts';
import { registerLanguageModelTools } from './chat/languageModelTools.ts';
import { registerParticipant } from './chat/participant.ts';
import { LocalServer, registerServerProvider } from './clients/localServer.ts';
import { RefusalNotice } from './clients/refusalNotice.ts';
import { registerCode } from './code/registerCode.ts';
import { registerCommands } from './commands.ts';
import { registerDashboard } from './dashboard/registerDashboard.ts';
import type { EditorMemory } from './editorMemory.ts';
import { MemoriesView } from './memories/memoriesView.ts';
import { MemoryFiles } from './memories/memoryFiles.ts';
import { MEMORY_SCHEME } from './memories/memoryUri.ts';
import { registerReview } from './review/registerReview.ts';
import { SECRET_SETTINGS, setting, settingKeys } from './settingOverrides.ts';
import { showError } from './showError.ts';
import { registerShownTexts } from './shownTexts.ts';
import { registerSidebar } from './sidebar/registerSidebar.ts';
import { StatusBar } from './statusBar.ts';
import { TaskNotices } from './work/taskNotices.ts';
import { WORK_SCHEME, WorkDocuments } from './work/workDocuments.ts';

/** Settings that the engine does not know. */
const EDITORS_OWN = /^memoryCentral\.(chat|code|mcp)\./;

/** Everything the editor shows of the memory. Nothing of it calls the engine before a person or a model does. */
export function registerEditor(context: vscode.ExtensionContext, memory: EditorMemory): vscode.Disposable {
  const view = new MemoriesView(memory, context.workspaceState);
  const files = new MemoryFiles(memory);
  const documents = new WorkDocuments(memory);
  const server = new LocalServer(memory, context.secrets);
  return vscode.Disposable.from(
    view,
    files,
    documents,
    registerSidebar(context, memory, documents, view),
    vscode.workspace.registerFileSystemProvider(MEMORY_SCHEME, files, { isCaseSensitive: true }),
    vscode.workspace.registerTextDocumentContentProvider(WORK_SCHEME, documents),
    new StatusBar(memory),
    new TaskNotices(memory, documents),
    registerCommands(context, memory, view, documents),
    registerBrowser(context, memory),
    registerDashboard(context, memory),
    registerReview(memory),
    registerShownTexts(),
    registerCode(context, memory),
    registerLanguageModelTools(context, memory),
    registerParticipant(memory),
    registerServerProvider(server, memory),
    hostServer(server, memory),
    restartOnChanges(context, memory),
    new RefusalNotice(memory),
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

function restartOnChanges(context: vscode.ExtensionContext, memory: EditorMemory): vscode.Disposable {
  const tell = (error: unknown) => showError(memory, error);
  return vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(() => memory.restart().catch(tell)),
    // Also where another window stored it.
    context.secrets.onDidChange(({ key }) => {
      if ((SECRET_SETTINGS as readonly string[]).includes(key)) tryAgain(memory).catch(tell);
    }),
    vscode.workspace.onDidChangeConfiguration(event => {
      const engines = settingKeys(context).filter(key => !EDITORS_OWN.test(key));
      if (!engines.some(key => event.affectsConfiguration(key))) return;
      tryAgain(memory).catch(error => {
        // Whatever else is wrong the views say, and the next change stops what was asked here.
        if (MemoryError.is(error, 'invalid_input')) showError(memory, error, true);
      });
    }),
  );
}

/** Whoever gave a password or changed a setting waits to hear whether it is taken. */
async function tryAgain(memory: EditorMemory): Promise<void> {
  const { started } = memory;
  await memory.restart();
  if (started) await memory.status();
}
