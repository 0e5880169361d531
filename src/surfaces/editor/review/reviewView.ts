import * as vscode from 'vscode';
import type { LiveData } from '../sidebar/liveData.ts';
import { LiveView } from '../sidebar/liveView.ts';
import { type ChangeSet, changeSets, type WaitingMemory } from './changeSets.ts';
import { setItem, type WaitingLeaf, waitingItem, waitingTooltip } from './reviewItem.ts';

/** What waits, as far as it is shown. */
export interface Waiting {
  readonly memories: readonly WaitingMemory[];
  readonly total: number;
}

interface Rest {
  readonly kind: 'rest';
  readonly count: number;
}
export type ReviewNode = ChangeSet | WaitingLeaf | Rest;

/** What agents stored and changed, as change sets of their sessions. */
export function reviewView(waiting: LiveData<Waiting>): LiveView<Waiting, ReviewNode> {
  return new LiveView<Waiting, ReviewNode>(waiting, {
    rootsOf,
    childrenOf: node =>
      node.kind === 'set' ? node.memories.map(memory => ({ kind: 'waiting', waiting: memory })) : [],
    draw,
    stampOf: node => (node.kind === 'waiting' ? node.waiting.version : undefined),
    tooltipOf: node => (node.kind === 'waiting' ? waitingTooltip(node) : undefined),
  });
}

function rootsOf({ memories, total }: Waiting): readonly ReviewNode[] {
  const count = total - memories.length;
  return [...changeSets(memories), ...(count > 0 ? [{ kind: 'rest', count } as const] : [])];
}

function draw(node: ReviewNode): vscode.TreeItem {
  if (node.kind === 'set') return setItem(node);
  if (node.kind === 'waiting') return waitingItem(node);
  const item = new vscode.TreeItem(vscode.l10n.t('{0} more, once these are reviewed', node.count));
  item.id = 'rest';
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  return item;
}
