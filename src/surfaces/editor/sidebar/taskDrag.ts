import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import type { Board, BoardTask } from '../engine/board.ts';
import { showError } from '../showError.ts';
import { list, text } from '../webviews/messages/shape.ts';
import type { AgentNode } from './agentsView.ts';
import type { LiveData } from './liveData.ts';
import type { Row } from './rowTree.ts';
import type { TaskActions } from './taskActions.ts';
import { doer } from './taskNodes.ts';
import type { TaskNode } from './tasksView.ts';

/** What is dragged: ids of tasks, as JSON. */
const MIME = 'application/vnd.memory-central.tasks';
/** What the editor itself adds for a row of these views: by that it knows whether a view takes it. */
const ROWS = ['tasks', 'agents'].map(view => `application/vnd.code.tree.memorycentral.${view}`);
const ids = list(text(), 1000);

type Node = AgentNode | TaskNode;

/** Tasks are dragged onto an agent, in the view of agents or where tasks are grouped by agent, and are assigned to it by that. */
export class TaskDrag implements vscode.TreeDragAndDropController<Row<Node>> {
  readonly dropMimeTypes = ROWS;
  // What is named here the editor adds empty, before what `handleDrag` adds.
  readonly dragMimeTypes = [];
  readonly #memory: EditorMemory;
  readonly #board: LiveData<Board>;
  readonly #actions: TaskActions;

  constructor(memory: EditorMemory, board: LiveData<Board>, actions: TaskActions) {
    this.#memory = memory;
    this.#board = board;
    this.#actions = actions;
  }

  handleDrag(source: readonly Row<Node>[], data: vscode.DataTransfer): void {
    const dragged = source.flatMap(({ node }) => (node.kind === 'task' ? [node.task.id] : []));
    if (dragged.length > 0) data.set(MIME, new vscode.DataTransferItem(JSON.stringify(dragged)));
  }

  async handleDrop(target: Row<Node> | undefined, data: vscode.DataTransfer): Promise<void> {
    try {
      const tasks = await this.#dragged(data);
      const to = target && receiver(target.node);
      if (to === undefined || tasks.length === 0) return;
      if (to === null) await this.#actions.unassign(tasks);
      else await this.#actions.assign(tasks, { id: to });
    } catch (error) {
      showError(this.#memory, error);
    }
  }

  async #dragged(data: vscode.DataTransfer): Promise<readonly BoardTask[]> {
    const given = data.get(MIME);
    if (!given) return [];
    const dragged = ids.parse(JSON.parse(await given.asString()));
    const board = await this.#board.current();
    return board?.tasks.filter(({ id }) => dragged.includes(id)) ?? [];
  }
}

/** Id of the agent that is meant; null: whoever comes first; undefined: none can be meant. */
function receiver(node: Node): string | null | undefined {
  if (node.kind === 'agent') return node.agent.id;
  if (node.kind === 'task') return doer(node.task) ?? undefined;
  if (node.kind !== 'group') return undefined;
  if (node.key === 'nobody') return null;
  return node.key.startsWith('agent/') ? node.key.slice('agent/'.length) : undefined;
}
