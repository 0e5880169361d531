import type { TaskState } from '../../../engine/model/task.ts';
import { ENDED } from '../../../engine/tasks/taskMachine.ts';
import type { Board, BoardTask } from '../engine/board.ts';

export const TASK_GROUPINGS = ['state', 'agent'] as const;
export type TaskGrouping = (typeof TASK_GROUPINGS)[number];

export interface TaskLeaf {
  readonly kind: 'task';
  readonly task: BoardTask;
  /** Of who holds it, or is offered it; undefined: nobody. */
  readonly who: string | undefined;
}

export interface TaskGroup {
  readonly kind: 'group';
  /** A state, or the id of an agent after `agent/`; `nobody` and `ended` when grouped by agent. */
  readonly key: string;
  /** Of an agent; undefined: the key says it. */
  readonly name?: string;
  /** All there are, also those that are not listed. */
  readonly total: number;
  readonly folded: boolean;
  readonly leaves: readonly TaskLeaf[];
}

/** Who needs somebody first, then what goes on, then what waits; what has ended comes last. */
const ORDER: readonly TaskState[] = [
  ...(['input_required', 'dead', 'leased', 'ready', 'retry_wait', 'blocked'] as const),
  ...(['completed', 'cancelled'] as const),
];

/** Without empty ones. */
export function groupsOf(board: Board, grouping: TaskGrouping): readonly TaskGroup[] {
  return grouping === 'state' ? byState(board) : byAgent(board);
}

/** What an agent holds or is offered. */
export function tasksOf(board: Board, agent: string): readonly TaskLeaf[] {
  return board.tasks.filter(task => doer(task) === agent).map(task => leafOf(task, board));
}

/** The agent that holds it, or else is offered it; `null`: nobody. */
export function doer({ holder, offeredTo }: BoardTask): string | null {
  return holder ?? offeredTo;
}

function byState(board: Board): readonly TaskGroup[] {
  return ORDER.map((state): TaskGroup => {
    const leaves = board.tasks.filter(task => task.state === state).map(task => leafOf(task, board));
    const folded = state === 'completed' || state === 'cancelled';
    return { kind: 'group', key: state, total: board.counts[state], folded, leaves };
  }).filter(({ total }) => total > 0);
}

function byAgent(board: Board): readonly TaskGroup[] {
  const open = board.tasks.filter(({ state }) => !ENDED.includes(state));
  const group = (key: string, tasks: readonly BoardTask[], more: Partial<TaskGroup> = {}): TaskGroup => ({
    ...{ kind: 'group', key, total: tasks.length, folded: false },
    leaves: tasks.map(task => leafOf(task, board)),
    ...more,
  });
  const known = new Map(board.agents.map(({ id, name }) => [id, name]));
  const ids = [...new Set([...known.keys(), ...open.flatMap(task => doer(task) ?? [])])];
  const ofAgents = ids.map(id =>
    group(
      `agent/${id}`,
      open.filter(task => doer(task) === id),
      { name: known.get(id) ?? id },
    ),
  );
  const openTotal = sum(board, state => !ENDED.includes(state));
  const held = open.filter(task => doer(task) !== null).length;
  const ended = board.tasks.filter(({ state }) => ENDED.includes(state));
  return [
    group(
      'nobody',
      open.filter(task => doer(task) === null),
      { total: openTotal - held },
    ),
    ...ofAgents,
    group('ended', ended, { folded: true, total: sum(board, state => ENDED.includes(state)) }),
  ].filter(({ total }) => total > 0);
}

function leafOf(task: BoardTask, { agents }: Board): TaskLeaf {
  const id = doer(task);
  return {
    kind: 'task',
    task,
    who: id === null ? undefined : (agents.find(one => one.id === id)?.name ?? id),
  };
}

function sum({ counts }: Board, of: (state: TaskState) => boolean): number {
  return ORDER.filter(of).reduce((total, state) => total + counts[state], 0);
}
