import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import type { Board } from '../engine/board.ts';
import type { SessionEntry } from '../engine/sessionRecords.ts';
import { ConflictDocuments } from '../memories/conflictDocuments.ts';
import { ConflictWatch } from '../memories/conflictWatch.ts';
import type { MemoriesView } from '../memories/memoriesView.ts';
import type { WorkDocuments } from '../work/workDocuments.ts';
import { agentsView } from './agentsView.ts';
import { HealthView } from './healthView.ts';
import { LiveData } from './liveData.ts';
import { registerRowCommands } from './rowCommands.ts';
import type { Row } from './rowTree.ts';
import { SessionsView } from './sessionsView.ts';
import { showProblem } from './showProblem.ts';
import { TaskActions } from './taskActions.ts';
import { TaskBadge } from './taskBadge.ts';
import { TaskDrag } from './taskDrag.ts';
import { type TaskNode, TasksView } from './tasksView.ts';

/** Leases are renewed meanwhile, and an agent is silent after 30 s: both without an event. Milliseconds. */
const LEASES_MS = 10_000;
const PRESENCE_MS = 30_000;

/** The views of the side bar beside the memories: agents, tasks, sessions, health; and what is done with their rows. */
export function registerSidebar(
  context: vscode.ExtensionContext,
  memory: EditorMemory,
  documents: WorkDocuments,
  memories: MemoriesView,
): vscode.Disposable {
  const { workspaceState } = context;
  const board = new LiveData<Board>({
    read: async () => memory.request('board', { caller: await memory.caller() }),
    againMs: ({ agents, counts }) =>
      counts.leased > 0 ? LEASES_MS : agents.length > 0 ? PRESENCE_MS : undefined,
  });
  const sessions = new LiveData<readonly SessionEntry[]>({
    read: async () => memory.request('sessions', { caller: await memory.caller() }),
  });
  const actions = new TaskActions(memory, documents);
  const drag = new TaskDrag(memory, board, actions);
  const agentsRows = agentsView(board);
  const tasksView = new TasksView(board, workspaceState);
  const healthView = new HealthView(memory);
  const tree = <T>(
    name: string,
    treeDataProvider: vscode.TreeDataProvider<T>,
    options: Partial<vscode.TreeViewOptions<T>> = {},
  ) =>
    vscode.window.createTreeView(`memoryCentral.${name}`, {
      treeDataProvider,
      showCollapseAll: true,
      ...options,
    });
  const agentsTree = tree('agents', agentsRows, { dragAndDropController: drag });
  const tasksTree = tree<Row<TaskNode>>('tasks', tasksView.tree, {
    ...{ canSelectMany: true, dragAndDropController: drag },
  });
  const sessionsTree = tree('sessions', new SessionsView(memory, sessions));
  const healthTree = tree('health', healthView, { showCollapseAll: false });
  const memoriesTree = tree('memories', memories);
  const replaced = new ConflictDocuments(memory);
  const conflicts = new ConflictWatch(memory, memories, memoriesTree, workspaceState);
  return vscode.Disposable.from(
    ...[
      board,
      sessions,
      agentsRows,
      tasksView.tree,
      healthView,
      conflicts,
      replaced,
      new TaskBadge(memory, tasksTree),
    ],
    ...[agentsTree, tasksTree, sessionsTree, healthTree, memoriesTree],
    follow(agentsTree, board),
    follow(tasksTree, board),
    follow(sessionsTree, sessions),
    healthTree.onDidChangeVisibility(({ visible }) => visible && healthView.show()),
    memoriesTree.onDidChangeVisibility(({ visible }) => memories.show(visible)),
    memories.onDidRead(() => showProblem(memoriesTree, memories.problem)),
    memory.onDidWork(({ type }) => {
      if (type === 'task' || type === 'agent') board.touch();
    }),
    memory.onDidChange(() => sessions.touch()),
    // What could not be read may be back.
    memory.onDidLearnStatus(() => {
      for (const data of [board, sessions]) if (data.problem !== undefined) data.touch();
      if (memories.problem !== undefined) memories.refresh();
    }),
    ...[memory.onDidChangeState, memory.onDidChangeNamespace].map(event =>
      event(() => {
        board.touch();
        sessions.touch();
      }),
    ),
    registerRowCommands(memory, {
      ...{ actions, board, conflicts, replaced, sessions },
      ...{ tasks: tasksView, health: healthView, selection: () => tasksTree.selection },
    }),
  );
}

/** Reads what a view shows while it is seen, and says there why it cannot be read. */
function follow<T, D>(tree: vscode.TreeView<T>, data: LiveData<D>): vscode.Disposable {
  const { title = '' } = tree;
  data.show(title, tree.visible);
  return vscode.Disposable.from(
    tree.onDidChangeVisibility(({ visible }) => data.show(title, visible)),
    data.onDidRead(() => showProblem(tree, data.problem)),
  );
}
