import * as vscode from 'vscode';
import { linesOf } from '../../../engine/anchors/anchoredText.ts';
import { MemoryError } from '../../../engine/errors.ts';
import { askAndDo } from '../askAndDo.ts';
import { anchorLines, selectedLines } from '../code/anchorLines.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { FOREIGN_LANGUAGE } from '../foreignDocuments.ts';
import { noteStep } from '../welcome/steps.ts';
import { checkContent, lengthProblem } from './checkContent.ts';

interface Stored {
  readonly id: string;
  readonly namespace: string;
  readonly duplicate: boolean;
  readonly operation_id: string | null;
  readonly masked_secrets?: readonly string[];
}

/** Stores the selected text with its place: repository, file, lines, commit and a hash that tells later whether it still says so. */
export async function rememberSelection(memory: EditorMemory): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) {
    throw new MemoryError('invalid_input', 'Nothing is selected.', 'Select the text to remember.');
  }
  const { document, selection } = editor;
  const text = document.getText(selection);
  checkContent(text);
  // As they are now, whatever is typed meanwhile.
  const lines = linesOf(document.getText());
  const { t } = vscode.l10n;
  const question = {
    title: t('Remember Selection'),
    prompt: t('What to remember about it (may stay empty)'),
    placeHolder: t('Why it matters'),
  };
  const language = document.languageId === FOREIGN_LANGUAGE ? 'markdown' : document.languageId;
  await askAndDo(memory, question, async note => {
    const content = note.trim() ? `${note.trim()}\n\n\`\`\`${language}\n${text}\n\`\`\`` : text;
    checkContent(content);
    const anchor = await anchorLines(memory, document.uri, lines, selectedLines(selection));
    const { structured } = await memory.call<Stored>('store_memory', {
      content,
      memory_type: language === 'markdown' || language === 'plaintext' ? 'document' : 'code',
      source: 'user',
      trust: 1,
      ...(anchor && { anchors: [anchor] }),
    });
    told(structured);
  });
}

/** Asks for a text and stores it as a person's word. */
export async function storeTyped(memory: EditorMemory): Promise<void> {
  const { t } = vscode.l10n;
  const question = {
    title: t('Store a Memory'),
    prompt: t('One fact, decision or preference, complete in itself'),
    placeHolder: t('We use pnpm, since npm workspaces broke the release build.'),
    validateInput: (text: string) =>
      text.trim() === '' ? t('Say what to remember.') : lengthProblem(text.trim()),
  };
  await askAndDo(memory, question, async text => {
    const input = { content: text.trim(), source: 'user', trust: 1 };
    told((await memory.call<Stored>('store_memory', input)).structured);
  });
}

/** What was done, with a way to it and a way back. */
function told({ id, namespace, duplicate, operation_id, masked_secrets }: Stored): void {
  noteStep('stored');
  const { t } = vscode.l10n;
  const open = t('Open');
  const undo = t('Undo');
  const text = duplicate ? t('That was known already.') : t('Remembered in {0}.', namespace);
  const masked = masked_secrets ? ` ${t('Secrets were masked: {0}.', masked_secrets.join(', '))}` : '';
  void vscode.window
    .showInformationMessage(text + masked, open, ...(operation_id === null ? [] : [undo]))
    .then(choice => {
      if (choice === open) return vscode.commands.executeCommand('memoryCentral.openMemory', id);
      if (choice === undo) return vscode.commands.executeCommand('memoryCentral.undo', operation_id);
      return undefined;
    });
}
