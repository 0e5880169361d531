import type * as vscode from 'vscode';

/**
 * Says in a view why what it shows could not be read; undefined: it could. Said anew, also with the same words, the view would draw what
 * changed 200 ms later: VS Code takes a message for a change of the tree (see `Burst`).
 */
export function showProblem(tree: Pick<vscode.TreeView<unknown>, 'message'>, problem = ''): void {
  if (tree.message !== problem) tree.message = problem;
}
