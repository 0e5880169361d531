import * as vscode from 'vscode';
import type { WorkEvent } from '../../../engine/ports/eventBus.ts';
import type { EditorMemory } from '../editorMemory.ts';
import type { TaskNews } from '../engine/engineMessages.ts';
import { inertMessage } from '../inertText.ts';
import { showError } from '../showError.ts';
import { answerTask } from './answerTask.ts';
import type { WorkDocuments } from './workDocuments.ts';

const { t } = vscode.l10n;

/** What happens in quick succession is told together. */
const SETTLE_MS = 400;
/** More at once are one message. */
const MOST = 3;
const TITLE_CHARS = 60;

interface Told extends TaskNews {
  readonly namespace: string;
  readonly id: string;
}

/** Tells when a task that this window distributed is completed, dead, or needs an answer. */
export class TaskNotices implements vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #documents: WorkDocuments;
  readonly #listener: vscode.Disposable;
  #due: Told[] = [];
  #settle: NodeJS.Timeout | undefined;

  constructor(memory: EditorMemory, documents: WorkDocuments) {
    this.#memory = memory;
    this.#documents = documents;
    this.#listener = memory.onDidWork(event => {
      const { type, change } = event;
      const ends = change === 'completed' || change === 'dead' || change === 'input_required';
      if (type === 'task' && ends)
        this.#hear(event).catch(error => memory.log.info('A task was not told of', { error: String(error) }));
    });
  }

  dispose(): void {
    clearTimeout(this.#settle);
    this.#listener.dispose();
  }

  async #hear({ agent, change, namespace, subject: id }: WorkEvent): Promise<void> {
    const caller = await this.#memory.caller();
    const news = await this.#memory.request('taskNews', { namespace, id, agent, caller });
    // Things may have gone on meanwhile.
    if (!news.mine || news.state !== change) return;
    this.#due.push({ ...news, namespace, id });
    this.#settle ??= setTimeout(() => {
      this.#settle = undefined;
      const due = this.#due;
      this.#due = [];
      const told = due.length > MOST ? [this.#tellTogether(due)] : due.map(one => this.#tell(one));
      for (const one of told) one.catch(error => showError(this.#memory, error));
    }, SETTLE_MS);
  }

  async #tell(news: Told): Promise<void> {
    const { id, namespace, title } = news;
    const answers = news.state === 'input_required' && vscode.workspace.isTrusted;
    const open = t('Open');
    const reply = t('Answer');
    const buttons = answers ? [reply, open] : [open];
    const show =
      news.state === 'completed' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    const chosen = await show(inertMessage(messageOf(news)), ...buttons);
    if (chosen === open) await this.#documents.open({ kind: 'task', namespace, id }, title);
    if (chosen === reply) await answerTask(this.#memory, news);
  }

  async #tellTogether(due: readonly Told[]): Promise<void> {
    const count = (state: Told['state']) => due.filter(one => one.state === state).length;
    const [completed, dead, asking] = [count('completed'), count('dead'), count('input_required')];
    const counts = [
      ...(completed > 0 ? [t('{0} completed', completed)] : []),
      ...(dead > 0 ? [t('{0} dead', dead)] : []),
      ...(asking > 0 ? [t('{0} waiting for an answer', asking)] : []),
    ];
    const chosen = await vscode.window.showInformationMessage(
      t('Of your tasks: {0}.', counts.join(', ')),
      t('Open Tasks'),
    );
    if (chosen) await this.#documents.open({ kind: 'tasks', namespace: due[0]!.namespace });
  }
}

function messageOf({ by, question, reason, state, title }: Told): string {
  const task = short(title);
  if (state === 'completed') return t('{0} completed “{1}”.', by, task);
  if (state === 'dead')
    return t('The task “{0}” failed for good: {1}', task, reason ?? t('nobody could do it'));
  return t('{0} asks about “{1}”: {2}', by, task, question ?? '');
}

function short(text: string): string {
  return text.length > TITLE_CHARS ? `${text.slice(0, TITLE_CHARS - 1).toWellFormed()}…` : text;
}
