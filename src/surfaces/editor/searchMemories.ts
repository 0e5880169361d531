import * as vscode from 'vscode';
import { MemoryError } from '../../engine/errors.ts';
import type { EditorMemory } from './editorMemory.ts';
import { ago, type ListedMemory, memoryIcon } from './listedMemory.ts';
import type { MemoryActions } from './memoryActions.ts';
import { memoryPreview, memoryTitle } from './memoryText.ts';
import { showError } from './showError.ts';

/** A pause in typing after which the search starts. */
const PAUSE_MS = 60;
const LIMIT = 20;

interface Found {
  readonly memories: readonly (ListedMemory & { readonly date?: string })[];
  readonly mode?: 'hybrid' | 'lexical';
  readonly problem?: string;
}
type Action = 'open' | 'copy' | 'insert' | 'pin' | 'unpin' | 'delete';
interface ActionButton extends vscode.QuickInputButton {
  readonly action: Action;
}
interface Item extends vscode.QuickPickItem {
  readonly memory: ListedMemory;
}

/** Finds memories while one types, each with a preview and buttons; without words, the latest ones. */
export class SearchMemories {
  readonly #memory: EditorMemory;
  readonly #actions: MemoryActions;

  constructor(memory: EditorMemory, actions: MemoryActions) {
    this.#memory = memory;
    this.#actions = actions;
  }

  /** @param like show what is near to this memory until words are typed */
  show(like?: { readonly id: string; readonly title: string }): void {
    const pick = vscode.window.createQuickPick<Item>();
    const editor = vscode.window.activeTextEditor;
    const title = like ? `Memories like “${like.title}”` : 'Search Memories';
    pick.title = title;
    pick.placeholder = 'What to look for, in plain words or names from the code';
    let running: AbortController | undefined;
    let timer: NodeJS.Timeout | undefined;
    /** The list answers what is typed. */
    let fresh = false;

    const search = async () => {
      running?.abort();
      const mine = new AbortController();
      running = mine;
      pick.busy = true;
      try {
        const [found, { namespace }] = await Promise.all([
          this.#find(pick.value.trim(), like?.id, mine.signal),
          this.#memory.caller(),
        ]);
        if (mine.signal.aborted) return;
        pick.items = found.memories.map(memory => toItem(memory, namespace));
        fresh = true;
        pick.title = found.problem ? `${title} (by words only: ${found.problem})` : title;
      } catch (error) {
        if (MemoryError.is(error, 'cancelled') || mine.signal.aborted) return;
        pick.hide();
        showError(this.#memory, error);
      } finally {
        if (running === mine) pick.busy = false;
      }
    };

    pick.onDidChangeValue(() => {
      fresh = false;
      clearTimeout(timer);
      timer = setTimeout(() => void search(), PAUSE_MS);
    });
    pick.onDidAccept(async () => {
      clearTimeout(timer);
      // Who types faster than the search means what was typed, not what the list still shows.
      const late = !fresh;
      if (late) await search();
      const [item] = late ? pick.items : pick.selectedItems;
      pick.hide();
      if (item) await this.#act('open', item.memory.id, editor);
    });
    pick.onDidTriggerItemButton(async ({ button, item }) => {
      const { action } = button as ActionButton;
      if (action === 'open' || action === 'insert') pick.hide();
      await this.#act(action, item.memory.id, editor);
      if (action === 'pin' || action === 'unpin' || action === 'delete') await search();
    });
    pick.onDidHide(() => {
      clearTimeout(timer);
      running?.abort();
      pick.dispose();
    });
    pick.show();
    void search();
  }

  async #find(query: string, like: string | undefined, signal: AbortSignal): Promise<Found> {
    const input = query
      ? { query, limit: LIMIT }
      : like
        ? { memory_id: like, limit: LIMIT }
        : { limit: LIMIT };
    const tool = query ? 'semantic_search' : like ? 'find_similar_memories' : 'get_agent_memories';
    return (await this.#memory.call<Found>(tool, input, { signal })).structured;
  }

  async #act(action: Action, id: string, editor: vscode.TextEditor | undefined): Promise<void> {
    const actions = this.#actions;
    try {
      if (action === 'open') await actions.open(id);
      else if (action === 'copy') await actions.copy(id);
      else if (action === 'insert') await actions.insert(id, editor);
      else if (action === 'delete') await actions.remove(id);
      else await actions.pin(id, action === 'pin');
    } catch (error) {
      showError(this.#memory, error);
    }
  }
}

/** @param own namespace of this window, which goes without saying */
function toItem(memory: Found['memories'][number], own: string): Item {
  const label = memoryTitle(memory.content, 70);
  const facts = [
    memory.memory_type.replace('_', ' '),
    ago(memory.created_at ?? memory.date ?? ''),
    memory.namespace === own ? undefined : memory.namespace,
    memoryPreview(memory.content, label),
  ];
  return {
    label,
    iconPath: memoryIcon(memory.memory_type),
    detail: facts.filter(Boolean).join(' · '),
    // The engine ranked them: the editor must neither filter nor sort again.
    alwaysShow: true,
    memory,
    buttons: buttons(memory.pinned === true),
  };
}

function buttons(pinned: boolean): ActionButton[] {
  const button = (action: Action, icon: string, tooltip: string): ActionButton => ({
    action,
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
  });
  const reading = [
    button('open', 'go-to-file', 'Open'),
    button('copy', 'copy', 'Copy'),
    button('insert', 'insert', 'Insert at cursor'),
  ];
  if (!vscode.workspace.isTrusted) return reading;
  return [
    ...reading,
    pinned ? button('unpin', 'pinned', 'Unpin') : button('pin', 'pin', 'Pin'),
    button('delete', 'trash', 'Delete'),
  ];
}
