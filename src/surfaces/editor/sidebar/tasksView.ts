import * as vscode from 'vscode';
import type { Board } from '../engine/board.ts';
import type { LiveData } from './liveData.ts';
import { LiveView } from './liveView.ts';
import { groupItem, taskItem, taskTooltip } from './taskItem.ts';
import { groupsOf, TASK_GROUPINGS, type TaskGroup, type TaskGrouping, type TaskLeaf } from './taskNodes.ts';

const GROUPING_KEY = 'taskGrouping';

interface More {
  readonly kind: 'more';
  readonly group: string;
  readonly rest: number;
}
export type TaskNode = TaskGroup | TaskLeaf | More;

/** What is to be done here: by state or by agent. */
export class TasksView {
  readonly tree: LiveView<Board, TaskNode>;
  readonly #state: vscode.Memento;

  constructor(board: LiveData<Board>, state: vscode.Memento) {
    this.#state = state;
    this.tree = new LiveView<Board, TaskNode>(board, {
      rootsOf: shown => groupsOf(shown, this.grouping),
      childrenOf,
      draw,
      stampOf: node => (node.kind === 'task' ? node.task.updatedAt : undefined),
      tooltipOf: node => (node.kind === 'task' ? taskTooltip(node, Date.now()) : undefined),
    });
    this.#offerTheOther();
  }

  get grouping(): TaskGrouping {
    const kept = this.#state.get<TaskGrouping>(GROUPING_KEY, 'state');
    return TASK_GROUPINGS.includes(kept) ? kept : 'state';
  }

  async groupBy(grouping: TaskGrouping): Promise<void> {
    await this.#state.update(GROUPING_KEY, grouping);
    this.#offerTheOther();
    await this.tree.redraw();
  }

  /** The view's title has a button for the grouping that is not in use. */
  #offerTheOther(): void {
    void vscode.commands.executeCommand('setContext', 'memoryCentral.taskGrouping', this.grouping);
  }
}

function childrenOf(node: TaskNode): readonly TaskNode[] {
  if (node.kind !== 'group') return [];
  const rest = node.total - node.leaves.length;
  return rest > 0 ? [...node.leaves, { kind: 'more', group: node.key, rest }] : node.leaves;
}

function draw(node: TaskNode): vscode.TreeItem {
  if (node.kind === 'group') return groupItem(node);
  return node.kind === 'task' ? taskItem(node, Date.now()) : moreItem(node);
}

/** Older ones are for the document. */
function moreItem({ group, rest }: More): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('{0} more', rest));
  item.id = `more/${group}`;
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: 'memoryCentral.openTasks', title: vscode.l10n.t('Open Tasks as a Document') };
  return item;
}
