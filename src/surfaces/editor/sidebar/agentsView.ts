import type { Board } from '../engine/board.ts';
import { type AgentLeaf, agentItem, agentTooltip } from './agentItem.ts';
import type { LiveData } from './liveData.ts';
import { LiveView } from './liveView.ts';
import { taskItem, taskTooltip } from './taskItem.ts';
import { type TaskLeaf, tasksOf } from './taskNodes.ts';

/** An agent comes with what it holds or is offered. */
export type AgentNode = (AgentLeaf & { readonly leaves: readonly TaskLeaf[] }) | TaskLeaf;

/** Who works here, each with what it holds or is offered. */
export function agentsView(board: LiveData<Board>): LiveView<Board, AgentNode> {
  return new LiveView<Board, AgentNode>(board, {
    rootsOf,
    childrenOf: node => (node.kind === 'agent' ? node.leaves : []),
    draw: node => (node.kind === 'agent' ? agentItem(node) : taskItem(node, Date.now())),
    stampOf: node => (node.kind === 'agent' ? node.agent : node.task.updatedAt),
    tooltipOf: node => (node.kind === 'agent' ? agentTooltip(node) : taskTooltip(node, Date.now())),
  });
}

function rootsOf(board: Board): readonly AgentNode[] {
  return board.agents.map(agent => ({
    kind: 'agent',
    agent,
    self: agent.id === board.self,
    works: agent.currentTask ?? board.tasks.find(({ holder }) => holder === agent.id)?.title,
    leaves: tasksOf(board, agent.id),
  }));
}
