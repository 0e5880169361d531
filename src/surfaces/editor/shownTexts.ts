import * as vscode from 'vscode';

const SCHEME = 'memory-central-text';

/** Texts that are shown to be read, each under a name of its own. An untitled document would ask to be saved when it is closed. */
const texts = new Map<string, string>();
const changed = new vscode.EventEmitter<vscode.Uri>();

/** Lets the editor read texts that `textUri` gave an address. */
export function registerShownTexts(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) => texts.get(path) ?? '',
  });
}

/** Address of a text, in place of the one that had the name before. @param name as its tab shows it, with an ending that tells the language */
export function textUri(name: string, text: string): vscode.Uri {
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });
  texts.set(uri.path, text);
  changed.fire(uri);
  return uri;
}

/** Closes what shows the text. */
export async function closeText(uri: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap(group => group.tabs)
    .filter(({ input }) => {
      const shown =
        input instanceof vscode.TabInputTextDiff
          ? input.modified
          : input instanceof vscode.TabInputText && input.uri;
      return shown && shown.toString() === uri.toString();
    });
  await vscode.window.tabGroups.close(tabs);
}
