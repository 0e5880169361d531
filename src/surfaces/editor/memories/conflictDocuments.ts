import * as vscode from 'vscode';
import { MERGER } from '../../../engine/model/operation.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { foreignPath } from '../foreignDocuments.ts';
import type { ListedMemory } from './listedMemory.ts';
import { memoryTitle } from './memoryText.ts';
import { memoryUri } from './memoryUri.ts';

const SCHEME = 'memory-replaced';
/** So many changes of a memory are looked through for the one that took back what lost. */
const CHANGES = 100;

interface History {
  /** Newest first. */
  readonly operations: readonly { readonly by: string; readonly version: number }[];
  readonly versions: readonly { readonly content: string; readonly version: number }[];
}

/** What a memory said before a later change of another machine replaced it: to be compared with what stands, which can be edited there. */
export class ConflictDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #registrations: vscode.Disposable;

  constructor(memory: EditorMemory) {
    this.#memory = memory;
    this.#registrations = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** The memory alone where another field than its text lost. */
  async show(memory: ListedMemory): Promise<void> {
    const { content, id } = memory;
    const replaced = await this.#replaced(id);
    if (replaced === undefined || replaced === content) {
      await vscode.commands.executeCommand('memoryCentral.openMemory', id);
      return;
    }
    const title = memoryTitle(content, 48);
    const before = vscode.Uri.from({ scheme: SCHEME, path: foreignPath(title, 'memory'), query: id });
    const name = vscode.l10n.t('{0} (replaced ↔ stands)', title);
    await vscode.commands.executeCommand('vscode.diff', before, memoryUri(id, content), name, {
      preview: true,
    });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return (await this.#replaced(uri.query)) ?? '';
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  async #replaced(id: string): Promise<string | undefined> {
    const input = { memory_id: id, limit: CHANGES };
    const { structured } = await this.#memory.call<History>('memory_history', input);
    const merged = structured.operations.find(({ by }) => by === MERGER);
    return structured.versions.find(({ version }) => version + 1 === merged?.version)?.content;
  }
}
