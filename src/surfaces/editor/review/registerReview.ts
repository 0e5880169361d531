import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import { reporting } from '../showError.ts';
import { LiveData } from '../sidebar/liveData.ts';
import { rowOf } from '../sidebar/rowOf.ts';
import type { Row } from '../sidebar/rowTree.ts';
import { showProblem } from '../sidebar/showProblem.ts';
import type { ChangeSet, WaitingMemory } from './changeSets.ts';
import { ReviewActions } from './reviewActions.ts';
import { ReviewBadge } from './reviewBadge.ts';
import { REVIEW_SCHEME, ReviewDocuments } from './reviewDocuments.ts';
import { type ReviewNode, reviewView, type Waiting } from './reviewView.ts';

/** Shown at once; what is decided makes room for the rest. */
const SHOWN = 500;

/** The view "Review": what agents stored and changed, to be accepted, edited or rejected. */
export function registerReview(memory: EditorMemory): vscode.Disposable {
  const waiting = new LiveData<Waiting>({
    read: async () => (await memory.call<Waiting>('memories_to_review', { limit: SHOWN })).structured,
  });
  const rows = reviewView(waiting);
  const view = vscode.window.createTreeView('memoryCentral.review', {
    treeDataProvider: rows,
    ...{ canSelectMany: true, showCollapseAll: true },
  });
  const documents = new ReviewDocuments(memory);
  const actions = new ReviewActions(memory);
  const commands: Readonly<Record<string, (...given: readonly unknown[]) => Promise<unknown>>> = {
    openReview: async (...given) => documents.show(chosen(given)[0]!),
    editReview: async (...given) => actions.edit(chosen(given)[0]!),
    acceptReview: async (...given) => actions.decide('accept', chosen(given)),
    rejectReview: async (...given) => actions.decide('reject', chosen(given)),
    acceptSession: async (...given) => actions.decideSession('accept', (rowOf(given) as Row<ChangeSet>).node),
    rejectSession: async (...given) => actions.decideSession('reject', (rowOf(given) as Row<ChangeSet>).node),
    acceptAllReviews: () => actions.decideAll('accept'),
    rejectAllReviews: () => actions.decideAll('reject'),
    refreshReview: async () => waiting.touch(),
  };
  waiting.show('review', view.visible);
  return vscode.Disposable.from(
    ...[waiting, rows, view, documents, new ReviewBadge(memory, view)],
    vscode.workspace.registerTextDocumentContentProvider(REVIEW_SCHEME, documents),
    view.onDidChangeVisibility(({ visible }) => waiting.show('review', visible)),
    waiting.onDidRead(() => showProblem(view, waiting.problem)),
    ...[memory.onDidChange, memory.onDidChangeState, memory.onDidChangeNamespace].map(event =>
      event(() => waiting.touch()),
    ),
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(`memoryCentral.${id}`, reporting(memory, run)),
    ),
  );
}

/** What a menu gives: the row that it was opened on, and all that are selected where it is one of them; of a set, all that is in it. */
function chosen(given: readonly unknown[]): readonly WaitingMemory[] {
  const [row, all] = [rowOf(given), given[1]];
  const rows = Array.isArray(all) && all.includes(row) ? all : [row];
  const found = (rows as readonly Row<ReviewNode>[]).flatMap(({ node }) => {
    if (node.kind === 'set') return [...node.memories];
    return node.kind === 'waiting' ? [node.waiting] : [];
  });
  return [...new Map(found.map(one => [one.id, one])).values()];
}
