import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import { memoryIdFrom } from '../memories/memoryActions.ts';
import { reporting } from '../showError.ts';
import { CodeHover } from './codeHover.ts';
import { CodeLenses } from './codeLenses.ts';
import { CodeMemories } from './codeMemories.ts';
import { GutterMarks } from './gutterMarks.ts';
import { chooseMemory, showMemoriesHere } from './pickMemory.ts';
import { anchorToSelection, reanchor } from './reanchor.ts';

/** Files of a folder, also of a remote one: there the extension runs beside them. */
const FILES: vscode.DocumentSelector = { scheme: 'file' };

/** What the editor shows of memories beside the code that they speak of. */
export function registerCode(context: vscode.ExtensionContext, memory: EditorMemory): vscode.Disposable {
  const code = new CodeMemories(memory);
  const lenses = new CodeLenses(code);
  const command = (name: string, run: (given: unknown) => Promise<unknown>) =>
    vscode.commands.registerCommand(`memoryCentral.${name}`, reporting(memory, run));
  return vscode.Disposable.from(
    code,
    lenses,
    new GutterMarks(code, vscode.Uri.joinPath(context.extensionUri, 'media')),
    vscode.languages.registerHoverProvider(FILES, new CodeHover(code)),
    vscode.languages.registerCodeLensProvider(FILES, lenses),
    command('memoriesHere', given =>
      showMemoriesHere(memory, code, Array.isArray(given) ? given.map(String) : undefined),
    ),
    command('reanchorMemory', given => reanchor(memory, code, memoryIdFrom(given))),
    command('anchorToSelection', () =>
      anchorToSelection(memory, code, async () => {
        const document = vscode.window.activeTextEditor?.document;
        return chooseMemory(memory, document ? code.marksOf(document) : []);
      }),
    ),
  );
}
