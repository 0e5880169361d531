import * as vscode from 'vscode';
import { MemoryError } from '../../engine/errors.ts';
import type { EditorMemory } from './editorMemory.ts';
import { ago, type ListedMemory, memoryIcon, memoryTitle } from './listedMemory.ts';
import type { MemoryActions } from './memoryActions.ts';
import { showError } from './showError.ts';

/** A pause in typing after which the search starts. */
const PAUSE_MS = 60;
const LIMIT = 20;

interface Found {
  readonly memories: readonly (ListedMemory & { readonly score?: number; readonly date?: string })[];
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
    pick.title = like ? `Memories like “${like.title}”` : 'Search Memories';
    pick.placeholder = 'What to look for, in plain words or names from the code';
    let running: AbortController | undefined;
    let timer: NodeJS.Timeout | undefined;

    const search = async () => {
      running?.abort();
      const mine = new AbortController();
      running = mine;
      pick.busy = true;
      try {
        const found = await this.#find(pick.value.trim(), like?.id, mine.signal);
        if (mine.signal.aborted) return;
        pick.items = found.memories.map(toItem);
        pick.title = found.problem ? `Search Memories (by words only: ${found.problem})` : pick.title;
      } catch (error) {
        if (MemoryError.is(error, 'cancelled') || mine.signal.aborted) return;
        pick.hide();
        showError(this.#memory, error);
      } finally {
        if (running === mine) pick.busy = false;
      }
    };

    pick.onDidChangeValue(() => {
      clearTimeout(timer);
      timer = setTimeout(() => void search(), PAUSE_MS);
    });
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item) void this.#act('open', item.memory.id, editor);
      pick.hide();
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

function toItem(memory: Found['memories'][number]): Item {
  const when = memory.created_at ? ago(memory.created_at) : memory.date;
  const facts = [
    memory.memory_type.replace('_', ' '),
    when,
    memory.namespace,
    memory.score === undefined ? undefined : memory.score.toFixed(2),
  ];
  const label = memoryTitle(memory.content, 90);
  const preview = memory.content.replace(/\s+/g, ' ').trim();
  return {
    label,
    iconPath: memoryIcon(memory.memory_type),
    description: facts.filter(Boolean).join(' · '),
    detail: preview === label ? '' : preview,
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
