import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import { inertMessage } from '../inertText.ts';
import { MemoryActions } from '../memories/memoryActions.ts';
import { memoryTitle } from '../memories/memoryText.ts';
import { showError } from '../showError.ts';
import type { ChangeSet, WaitingMemory } from './changeSets.ts';

type Decision = 'accept' | 'reject';

interface Decided {
  readonly operation_id: string;
}

/** What a person decides on memories that wait; each decision offers its way back. */
export class ReviewActions {
  readonly #memory: EditorMemory;
  readonly #actions: MemoryActions;

  constructor(memory: EditorMemory) {
    this.#memory = memory;
    this.#actions = new MemoryActions(memory);
  }

  /** As they were shown: what was changed since is refused. */
  async decide(decision: Decision, waiting: readonly WaitingMemory[]): Promise<void> {
    if (waiting.length === 0) return;
    const ids = waiting.map(({ id }) => id);
    const versions = waiting.map(({ version }) => version);
    const decided = await this.#call({ decision, memory_ids: ids, versions });
    this.#tell(decision, decided, waiting.length === 1 ? waiting[0] : undefined);
  }

  /** All that a session wrote: as it was shown, or, where it is more than is shown, once a person has agreed. */
  async decideSession(decision: Decision, { instance, memories }: ChangeSet): Promise<void> {
    const total = await this.#count({ instance });
    if (total <= memories.length) return this.decide(decision, memories);
    const { t } = vscode.l10n;
    const question =
      decision === 'accept'
        ? t('Accept all {0} memories of this session?', total)
        : t('Reject all {0} memories of this session?', total);
    if (await agrees(decision, question))
      this.#tell(decision, await this.#call({ decision, all: true, instance }), undefined);
  }

  /** All that wait, once a person has agreed. */
  async decideAll(decision: Decision): Promise<void> {
    const { t } = vscode.l10n;
    const total = await this.#count({});
    if (total === 0) return;
    const question =
      decision === 'accept'
        ? t('Accept all {0} memories that wait for review?', total)
        : t('Reject all {0} memories that wait for review?', total);
    if (await agrees(decision, question))
      this.#tell(decision, await this.#call({ decision, all: true }), undefined);
  }

  /** As an editable document: saving it accepts it. */
  async edit({ id }: WaitingMemory): Promise<void> {
    await this.#actions.open(id);
  }

  async #count(filter: object): Promise<number> {
    const input = { ...filter, limit: 1 };
    return (await this.#memory.call<{ total: number }>('memories_to_review', input)).structured.total;
  }

  async #call(input: object): Promise<readonly Decided[]> {
    const { structured } = await this.#memory.call<{ decided: readonly Decided[] }>('review_memories', input);
    return structured.decided;
  }

  #tell(decision: Decision, decided: readonly Decided[], one: WaitingMemory | undefined): void {
    if (decided.length === 0) return;
    const undo = vscode.l10n.t('Undo');
    // Not awaited: the command is done, and its message stays for a while.
    void vscode.window
      .showInformationMessage(inertMessage(told(decision, decided.length, one)), undo)
      .then(choice => {
        if (choice === undo) this.#undo(decided).catch(error => showError(this.#memory, error));
      });
  }

  async #undo(decided: readonly Decided[]): Promise<void> {
    const options = { location: { viewId: 'memoryCentral.review' } };
    await vscode.window.withProgress(options, async () => {
      const failures: unknown[] = [];
      // One that somebody has changed since keeps no other from coming back.
      for (const { operation_id } of decided.toReversed())
        await this.#memory.call('undo_change', { operation_id }).catch(error => failures.push(error));
      if (failures.length > 0) throw failures[0];
    });
  }
}

async function agrees(decision: Decision, question: string): Promise<boolean> {
  const { t } = vscode.l10n;
  const button = decision === 'accept' ? t('Accept All') : t('Reject All');
  const detail = t(
    'New memories are forgotten, changed ones become what was accepted last. It can be undone.',
  );
  const options = { modal: true, ...(decision === 'reject' && { detail }) };
  return (await vscode.window.showWarningMessage(question, options, button)) === button;
}

function told(decision: Decision, count: number, one: WaitingMemory | undefined): string {
  const { t } = vscode.l10n;
  const title = one && memoryTitle(one.content, 40);
  if (title !== undefined)
    return decision === 'accept' ? t('Accepted “{0}”.', title) : t('Rejected “{0}”.', title);
  return decision === 'accept' ? t('Accepted {0} memories.', count) : t('Rejected {0} memories.', count);
}
