import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { MemoryError } from '../../engine/errors.ts';
import type { EditorMemory } from './editorMemory.ts';

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
  const note = await vscode.window.showInputBox({
    title: 'Remember Selection',
    prompt: 'What to remember about it (may stay empty)',
    placeHolder: 'Why it matters',
  });
  if (note === undefined) return;
  // A selection that ends before a line's first character does not reach into it.
  const last = selection.end.character === 0 ? selection.end.line : selection.end.line + 1;
  const place =
    document.uri.scheme === 'file'
      ? await memory.request('anchorOf', { file: document.uri.fsPath })
      : undefined;
  const { structured } = await memory.call<Stored>('store_memory', {
    content: note.trim() ? `${note.trim()}\n\n\`\`\`${document.languageId}\n${text}\n\`\`\`` : text,
    memory_type:
      document.languageId === 'markdown' || document.languageId === 'plaintext' ? 'document' : 'code',
    source: 'user',
    trust: 1,
    ...(place && {
      anchors: [
        {
          ...place,
          startLine: selection.start.line + 1,
          endLine: Math.max(last, selection.start.line + 1),
          textHash: createHash('sha256').update(text).digest('hex'),
        },
      ],
    }),
  });
  told(structured);
}

/** Asks for a text and stores it as a person's word. */
export async function storeTyped(memory: EditorMemory): Promise<void> {
  const content = await vscode.window.showInputBox({
    title: 'Store a Memory',
    prompt: 'One fact, decision or preference, complete in itself',
    placeHolder: 'We use pnpm, since npm workspaces broke the release build.',
    validateInput: text => (text.trim() === '' ? 'Say what to remember.' : undefined),
  });
  if (content === undefined) return;
  const input = { content: content.trim(), source: 'user', trust: 1 };
  told((await memory.call<Stored>('store_memory', input)).structured);
}

/** What was done, with a way to it and a way back. */
function told({ id, namespace, duplicate, operation_id, masked_secrets }: Stored): void {
  const text = duplicate ? 'That was known already.' : `Remembered in ${namespace}.`;
  const masked = masked_secrets ? ` Secrets were masked: ${masked_secrets.join(', ')}.` : '';
  void vscode.window
    .showInformationMessage(text + masked, 'Open', ...(operation_id === null ? [] : ['Undo']))
    .then(choice => {
      if (choice === 'Open') return vscode.commands.executeCommand('memoryCentral.openMemory', id);
      if (choice === 'Undo') return vscode.commands.executeCommand('memoryCentral.undo', operation_id);
      return undefined;
    });
}
