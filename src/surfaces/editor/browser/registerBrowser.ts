import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import { browserProtocol } from '../webviews/messages/browserProtocol.ts';
import { WebviewKind } from '../webviews/webviewKind.ts';
import { answerBrowser } from './answerBrowser.ts';

/** A burst of changes, such as an import, is told once in so long. */
const QUIET_MS = 150;

/** The memory browser: a page in the editor area. */
export function registerBrowser(context: vscode.ExtensionContext, memory: EditorMemory): vscode.Disposable {
  const browser = new WebviewKind(context.extensionUri, memory.log, {
    name: 'browser',
    title: vscode.l10n.t('Memories'),
    protocol: browserProtocol,
    serve: page => {
      let timer: NodeJS.Timeout | undefined;
      const tell = () => {
        timer = undefined;
        page.send('changed', null);
      };
      const followed = vscode.Disposable.from(
        memory.onDidChange(() => {
          if (page.visible) timer ??= setTimeout(tell, QUIET_MS);
        }),
        vscode.workspace.onDidGrantWorkspaceTrust(() => page.send('writable', true)),
        page.onDidLoad(() => page.send('writable', vscode.workspace.isTrusted)),
      );
      page.closed.addEventListener('abort', () => {
        clearTimeout(timer);
        followed.dispose();
      });
      return answerBrowser(memory);
    },
  });
  return vscode.Disposable.from(
    browser,
    vscode.commands.registerCommand('memoryCentral.openBrowser', (query?: unknown) => {
      browser.show();
      if (typeof query === 'string') browser.send('ask', { query, filters: {}, order: 'created' });
    }),
  );
}
