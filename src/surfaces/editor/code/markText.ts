import * as vscode from 'vscode';
import type { MarkState } from './fileMarks.ts';

export function memoriesHere(count: number): string {
  return count === 1 ? vscode.l10n.t('1 memory here') : vscode.l10n.t('{0} memories here', count);
}

/** One click can anchor it to the lines where it stands. */
export function canReanchor(state: MarkState): boolean {
  return state !== 'here' && state !== 'whole';
}

/** What is to be said of a mark; empty where all is as it was. */
export function stateText(state: MarkState): string {
  if (state === 'changed') return vscode.l10n.t('The code has changed since.');
  if (state === 'moved') return vscode.l10n.t('The code has moved since.');
  if (state === 'whole') return vscode.l10n.t('It speaks of the whole file.');
  return state === 'unchecked' ? vscode.l10n.t('Nobody can tell whether the code has changed since.') : '';
}
