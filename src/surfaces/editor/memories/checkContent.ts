import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import { LIMITS } from '../../../engine/model/limits.ts';

/** What is to be said to a person of a text that no memory holds; undefined: one holds it. */
export function lengthProblem(content: string): string | undefined {
  const numeral = (count: number) => count.toLocaleString(vscode.env.language);
  const most = LIMITS.contentChars;
  return content.length <= most
    ? undefined
    : vscode.l10n.t(
        'The text has {0} characters; a memory has at most {1}.',
        numeral(content.length),
        numeral(most),
      );
}

/** Refuses with `too_large`, in words for a person: the engine's are for models. Nothing is cut. */
export function checkContent(content: string): void {
  const problem = lengthProblem(content);
  if (problem !== undefined)
    throw new MemoryError('too_large', problem, vscode.l10n.t('Shorten it, or store it in parts.'));
}
