import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { foreignPath } from '../foreignDocuments.ts';
import { memoryTitle } from '../memories/memoryText.ts';
import type { WaitingMemory } from './changeSets.ts';
import { type ReviewedMemory, reviewText } from './reviewText.ts';

export const REVIEW_SCHEME = 'memory-review';

interface Full {
  readonly changed_fields?: readonly string[];
  readonly memory: ReviewedMemory;
  readonly accepted?: ReviewedMemory;
}

/** A memory as it was accepted last, and as it is now: read-only, to be compared. */
export class ReviewDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #listener: vscode.Disposable;

  readonly onDidChange = this.#changed.event;

  constructor(memory: EditorMemory) {
    this.#memory = memory;
    this.#listener = memory.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments)
        if (uri.scheme === REVIEW_SCHEME) this.#changed.fire(uri);
    });
  }

  async show(waiting: WaitingMemory): Promise<void> {
    const { arguments: given = [], command } = openingOf(waiting);
    await vscode.commands.executeCommand(command, ...given);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const id = uri.query;
    const input = { memory_ids: [id], full: true };
    const { structured } = await this.#memory.call<{ memories: readonly Full[] }>(
      'memories_to_review',
      input,
    );
    const [waiting] = structured.memories;
    if (!waiting) return this.#reviewed(id);
    const { accepted, changed_fields, memory } = waiting;
    const shown = uri.authority === 'accepted' ? accepted : memory;
    return shown ? reviewText(shown, changed_fields) : '';
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }

  /** It was decided on while it is shown. */
  async #reviewed(id: string): Promise<string> {
    try {
      const { structured } = await this.#memory.call<{ content: string }>('retrieve_memory', {
        memory_id: id,
      });
      return structured.content;
    } catch (error) {
      if (MemoryError.is(error, 'not_found')) return vscode.l10n.t('This memory was forgotten.');
      throw error;
    }
  }
}

/** Shows what was changed beside what it was; a new memory alone. */
export function openingOf({ change, content, id }: WaitingMemory): vscode.Command {
  const { t } = vscode.l10n;
  const name = memoryTitle(content, 48);
  const [before, after] = [uriOf('accepted', id, name), uriOf('now', id, name)];
  const title = t('Open Changes');
  return change === 'new'
    ? { title, command: 'vscode.open', arguments: [after] }
    : { title, command: 'vscode.diff', arguments: [before, after, t('{0} (accepted ↔ changed)', name)] };
}

/** The authority says which state; the path is what tabs show. */
function uriOf(state: 'accepted' | 'now', id: string, title: string): vscode.Uri {
  const path = foreignPath(title, 'memory');
  return vscode.Uri.from({ scheme: REVIEW_SCHEME, authority: state, path, query: id });
}
