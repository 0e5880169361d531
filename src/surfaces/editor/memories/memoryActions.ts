import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import type { Anchor } from '../../../engine/model/memory.ts';
import { openAnchor } from '../code/openAnchor.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { inertMessage } from '../inertText.ts';
import { rowOf } from '../sidebar/rowOf.ts';
import type { ListedMemory } from './listedMemory.ts';
import { memoryTitle } from './memoryText.ts';
import { MEMORY_SCHEME, memoryIdOf, memoryUri } from './memoryUri.ts';

export interface WholeMemory extends ListedMemory {
  readonly version: number;
  readonly anchors: readonly Anchor[];
}

/** What can be done with one memory, wherever it is listed. */
export class MemoryActions {
  readonly #memory: EditorMemory;

  constructor(memory: EditorMemory) {
    this.#memory = memory;
  }

  async whole(id: string): Promise<WholeMemory> {
    return (await this.#memory.call<WholeMemory>('retrieve_memory', { memory_id: id })).structured;
  }

  /** As an editable Markdown document. */
  async open(id: string): Promise<void> {
    const { content } = await this.whole(id);
    const document = await vscode.workspace.openTextDocument(memoryUri(id, content));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  async copy(id: string): Promise<void> {
    await vscode.env.clipboard.writeText((await this.whole(id)).content);
    vscode.window.setStatusBarMessage(`$(copy) ${vscode.l10n.t('Memory copied')}`, 2000);
  }

  /** @param editor where it goes; default: the one that is being edited */
  async insert(id: string, editor = vscode.window.activeTextEditor): Promise<void> {
    if (!editor) {
      throw new MemoryError(
        'invalid_input',
        'No editor is open to insert into.',
        'Open a file and place the cursor.',
      );
    }
    const { content } = await this.whole(id);
    await editor.edit(edit => {
      for (const selection of editor.selections) edit.replace(selection, content);
    });
  }

  async pin(id: string, pinned: boolean): Promise<void> {
    await this.#memory.call('update_memory', { memory_id: id, pinned });
  }

  /** At once; the message offers to bring it back. */
  async remove(id: string): Promise<void> {
    const { content } = await this.whole(id);
    const { structured } = await this.#memory.call<{ operation_ids: readonly string[] }>('clear_memory', {
      memory_id: id,
      confirm: true,
    });
    await closeDocument(id);
    const [operation] = structured.operation_ids;
    if (operation === undefined) return;
    // Not awaited: the command is done, and its message stays for a while.
    void vscode.window
      .showInformationMessage(
        inertMessage(vscode.l10n.t('Deleted “{0}”.', memoryTitle(content, 40))),
        vscode.l10n.t('Undo'),
      )
      .then(choice => choice && vscode.commands.executeCommand('memoryCentral.undo', operation));
  }

  async undo(operation: string): Promise<void> {
    await this.#memory.call('undo_change', { operation_id: operation });
  }

  /** Opens the code that a memory speaks of, where it is by now. */
  async openAnchor(id: string): Promise<void> {
    await openAnchor(this.#memory, id);
  }
}

/** The id a command was given: a tree's node, a listed memory, an id, or the document that is open. */
export function memoryIdFrom(...all: readonly unknown[]): string {
  const given = rowOf(all);
  if (typeof given === 'string') return given;
  if (given instanceof vscode.Uri && given.scheme === MEMORY_SCHEME) return memoryIdOf(given);
  const node = given as { readonly id?: unknown; readonly memory?: { readonly id?: unknown } } | undefined;
  const id = node?.memory?.id ?? node?.id;
  if (typeof id === 'string') return id;
  const open = vscode.window.activeTextEditor?.document.uri;
  if (open?.scheme === MEMORY_SCHEME) return memoryIdOf(open);
  throw new MemoryError(
    'invalid_input',
    'No memory is chosen.',
    'Choose one in the Memories view or with Search Memories.',
  );
}

async function closeDocument(id: string): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap(group => group.tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputText &&
        input.uri.scheme === MEMORY_SCHEME &&
        memoryIdOf(input.uri) === id,
    );
  await vscode.window.tabGroups.close(tabs);
}
