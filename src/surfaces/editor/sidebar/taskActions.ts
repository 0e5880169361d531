import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import { oneLine } from '../../../engine/foreignText.ts';
import { canDo } from '../../../engine/tasks/chooseAgent.ts';
import { askAndDo } from '../askAndDo.ts';
import type { EditorMemory } from '../editorMemory.ts';
import type { Board, BoardAgent, BoardTask } from '../engine/board.ts';
import { withoutIcons } from '../inertText.ts';
import { answerTask } from '../work/answerTask.ts';
import type { WorkDocuments } from '../work/workDocuments.ts';
import { chooseTask, type TaskDeed } from './chooseTask.ts';

const TITLE_CHARS = 60;

type Named = Pick<BoardTask, 'id' | 'namespace' | 'title'>;

/** What a person does with tasks, wherever they are listed. */
export class TaskActions {
  readonly #memory: EditorMemory;
  readonly #documents: WorkDocuments;

  constructor(memory: EditorMemory, documents: WorkDocuments) {
    this.#memory = memory;
    this.#documents = documents;
  }

  async open([task]: readonly Named[]): Promise<void> {
    if (!task) return;
    const { id, namespace, title } = task;
    await this.#documents.open({ kind: 'task', namespace, id }, title);
  }

  async openAll(kind: 'tasks' | 'agents'): Promise<void> {
    await this.#documents.open({ kind, namespace: (await this.#memory.caller()).namespace });
  }

  async answer([task]: readonly BoardTask[]): Promise<void> {
    if (task) await answerTask(this.#memory, task);
  }

  /** Those that pause, at once; dead ones, with all their retries. */
  async tryAgain(tasks: readonly BoardTask[]): Promise<void> {
    for (const task of tasks)
      await this.#update(task, task.state === 'dead' ? { requeue: true } : { retry: true });
  }

  /** A person says why, and by that that it is meant. */
  async cancel(tasks: readonly BoardTask[]): Promise<void> {
    const [first] = tasks;
    if (!first) return;
    const { t } = vscode.l10n;
    const reason = await vscode.window.showInputBox({
      title:
        tasks.length === 1
          ? t('Cancel “{0}”', oneLine(first.title, TITLE_CHARS))
          : t('Cancel {0} Tasks', tasks.length),
      prompt: t(
        'Why? Who works on it is told, and what depends on it is cancelled, too. It does not come back.',
      ),
      placeHolder: t('Not needed any more'),
      ignoreFocusOut: true,
    });
    if (reason === undefined) return;
    for (const task of tasks)
      await this.#update(task, { cancel: true, reason: reason.trim() || t('Not needed any more') });
  }

  /** A person says which task is meant, see `chooseTask`. */
  async choose(
    deed: Exclude<TaskDeed, 'offer'>,
    selected?: readonly string[],
  ): Promise<readonly BoardTask[]> {
    const task = await chooseTask(await this.#board(), deed, selected);
    return task ? [task] : [];
  }

  /** @param agent who; undefined: a person chooses */
  async assign(tasks: readonly BoardTask[], agent?: Pick<BoardAgent, 'id'>): Promise<void> {
    if (tasks.length === 0) return;
    const to = agent ?? (await chooseAgent(await this.#board(), tasks));
    if (!to) return;
    for (const task of tasks) {
      if (task.state === 'dead') await this.#update(task, { requeue: true });
      await this.#update(task, { assign_to: to.id });
    }
  }

  /** Offers it to all again. */
  async unassign(tasks: readonly BoardTask[]): Promise<void> {
    for (const task of tasks) await this.#update(task, { retry: true });
  }

  async add(): Promise<void> {
    const { t } = vscode.l10n;
    const question = {
      title: t('Queue a Task'),
      prompt: t('What is to be done? The agent that suits it best is offered it first.'),
      placeHolder: t('Write the page on payment retries'),
      validateInput: (text: string) =>
        text.trim() === '' ? t('An agent would not know what to do.') : undefined,
    };
    await askAndDo(this.#memory, question, title =>
      this.#memory.call('distribute_task', { title: title.trim() }),
    );
  }

  async #board(): Promise<Board> {
    return this.#memory.request('board', { caller: await this.#memory.caller() });
  }

  async #update({ id, namespace }: Named, change: object): Promise<void> {
    await this.#memory.call('update_task', { task_id: id, namespace, ...change });
  }
}

/** Those who can do it come first; who cannot says why. */
async function chooseAgent(
  { agents, self }: Board,
  tasks: readonly BoardTask[],
): Promise<BoardAgent | undefined> {
  const { t } = vscode.l10n;
  const here = agents.filter(({ presence }) => presence !== 'offline');
  if (here.length === 0)
    throw new MemoryError(
      'not_found',
      t('Nobody is here to assign it to.'),
      t('Connect a client with “Memory Central: Connect a Client”; its agents appear in the view.'),
    );
  const needed = tasks.flatMap(({ capabilities }) => capabilities);
  const items = here
    .map(agent => ({ agent, able: canDo(agent, needed) }))
    .sort((a, b) => Number(b.able) - Number(a.able) || a.agent.tasks - b.agent.tasks)
    .map(({ agent, able }) => ({
      label: withoutIcons(oneLine(agent.name, 100)),
      description: agent.id === self ? t('this window') : withoutIcons(oneLine(agent.status, 40)),
      detail: able
        ? t('Holds or is offered: {0}', agent.tasks)
        : t(
            'Cannot do it: lacks {0}',
            withoutIcons(oneLine(needed.filter(one => !agent.capabilities.includes(one)).join(', '))),
          ),
      agent,
    }));
  const [first] = tasks;
  const title =
    tasks.length === 1
      ? t('Assign “{0}”', oneLine(first!.title, TITLE_CHARS))
      : t('Assign {0} Tasks', tasks.length);
  return (await vscode.window.showQuickPick(items, { title, placeHolder: t('To whom?') }))?.agent;
}
