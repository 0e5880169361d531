import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import { oneLine } from '../../../engine/foreignText.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { withoutIcons } from '../inertText.ts';
import { showError } from '../showError.ts';
import { labelName } from '../webviews/messages/labelName.ts';
import { noteStep } from '../welcome/steps.ts';
import { ago, type ListedMemory, memoryIcon } from './listedMemory.ts';
import type { MemoryActions } from './memoryActions.ts';
import { memoryPreview, memoryTitle } from './memoryText.ts';

const { t } = vscode.l10n;

/** A pause in typing after which the search starts. */
const PAUSE_MS = 60;
const LIMIT = 20;
/** What of a memory stands below its title. */
const DETAIL_CHARS = 500;

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
    const title = like ? t('Memories like “{0}”', like.title) : t('Search Memories');
    pick.title = title;
    pick.placeholder = t('What to look for, in plain words or names from the code');
    let recalled = false;
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
        recalled ||= pick.value.trim() !== '' && found.memories.length > 0;
        pick.title = found.problem ? t('{0} (by words only: {1})', title, found.problem) : title;
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
      // Not sooner: the walkthrough takes the focus when it ticks a step, which would close the list.
      if (recalled) noteStep('recalled');
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
    labelName(memory.memory_type, t),
    ago(memory.created_at ?? memory.date ?? ''),
    memory.namespace === own ? undefined : memory.namespace,
    memoryPreview(memory.content, label),
  ];
  return {
    label: withoutIcons(oneLine(label)),
    iconPath: memoryIcon(memory.memory_type),
    detail: withoutIcons(oneLine(facts.filter(Boolean).join(' · '), DETAIL_CHARS)),
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
    button('open', 'go-to-file', t('Open')),
    button('copy', 'copy', t('Copy')),
    button('insert', 'insert', t('Insert at cursor')),
  ];
  if (!vscode.workspace.isTrusted) return reading;
  return [
    ...reading,
    pinned ? button('unpin', 'pinned', t('Unpin')) : button('pin', 'pin', t('Pin')),
    button('delete', 'trash', t('Delete')),
  ];
}
