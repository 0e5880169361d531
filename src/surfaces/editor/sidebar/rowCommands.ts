import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import type { Board, BoardTask } from '../engine/board.ts';
import type { SessionEntry } from '../engine/sessionRecords.ts';
import type { ConflictDocuments } from '../memories/conflictDocuments.ts';
import type { ConflictWatch } from '../memories/conflictWatch.ts';
import type { ListedMemory } from '../memories/listedMemory.ts';
import { reporting } from '../showError.ts';
import type { AgentLeaf } from './agentItem.ts';
import type { AgentNode } from './agentsView.ts';
import { isFor, type TaskDeed } from './chooseTask.ts';
import type { HealthView } from './healthView.ts';
import type { LiveData } from './liveData.ts';
import { rowOf } from './rowOf.ts';
import type { Row } from './rowTree.ts';
import type { TaskActions } from './taskActions.ts';
import type { TaskNode, TasksView } from './tasksView.ts';

export interface RowCommandParts {
  readonly actions: TaskActions;
  readonly board: LiveData<Board>;
  readonly conflicts: ConflictWatch;
  readonly replaced: ConflictDocuments;
  readonly health: HealthView;
  readonly sessions: LiveData<readonly SessionEntry[]>;
  readonly tasks: TasksView;
  /** What is selected in the view of tasks. */
  readonly selection: () => readonly Row<AgentNode | TaskNode>[];
}

/** What is done in the views beside the memories, and with their rows. */
export function registerRowCommands(memory: EditorMemory, parts: RowCommandParts): vscode.Disposable {
  const { actions, board, conflicts, health, replaced, selection, sessions, tasks } = parts;
  /** Without a row, as from the palette, a person is asked. */
  const meant = async (deed: Exclude<TaskDeed, 'offer'>, given: readonly unknown[]) =>
    rowOf(given) === undefined
      ? actions.choose(
          deed,
          selection().flatMap(({ node }) => (node.kind === 'task' ? [node.task.id] : [])),
        )
      : chosen(deed, given);
  const commands: Readonly<Record<string, (...given: readonly unknown[]) => Promise<unknown>>> = {
    openTask: async (...given) => actions.open(await meant('open', given)),
    openTasks: () => actions.openAll('tasks'),
    openAgents: () => actions.openAll('agents'),
    newTask: () => actions.add(),
    answerTask: async (...given) => actions.answer(await meant('answer', given)),
    retryTask: async (...given) => actions.tryAgain(await meant('retry', given)),
    requeueTask: async (...given) => actions.tryAgain(await meant('requeue', given)),
    cancelTask: async (...given) => actions.cancel(await meant('cancel', given)),
    assignTask: async (...given) => actions.assign(await meant('assign', given)),
    offerTask: async (...given) => actions.unassign(chosen('offer', given)),
    assignToAgent: async (...given) => {
      const { agent } = (rowOf(given) as Row<AgentLeaf>).node;
      await actions.assign(await meant('assign', []), agent);
    },
    groupTasksByAgent: () => tasks.groupBy('agent'),
    groupTasksByState: () => tasks.groupBy('state'),
    refreshWork: async () => board.touch(),
    refreshSessions: async () => sessions.touch(),
    refreshHealth: async () => health.refresh(),
    copyFix: async row => vscode.env.clipboard.writeText((row as { readonly fix: string }).fix),
    openConflict: row => replaced.show(row as ListedMemory),
    dismissConflicts: () => conflicts.dismiss(),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(`memoryCentral.${id}`, reporting(memory, run)),
    ),
  );
}

/**
 * What a menu gives: the row that it was opened on, and all that are selected where it is one of them. The editor looks at that row alone
 * when it offers a command: others are left out that it is not for.
 */
function chosen(deed: TaskDeed, given: readonly unknown[]): readonly BoardTask[] {
  const [row, all] = [rowOf(given), given[1]];
  const rows = Array.isArray(all) && all.includes(row) ? all : [row];
  return (rows as readonly Row<{ readonly task?: BoardTask }>[]).flatMap(({ node: { task } }) =>
    task && isFor(deed, task) ? [task] : [],
  );
}
