import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';

/**
 * The row that a command is for: a menu gives it before what is selected, and there is none where the command comes from the palette.
 * Rejects with `conflict` where VS Code did not know the row, since it was asking for the rows anew (see `RowTree`): another could be meant.
 *
 * @param given all that the command was given
 */
export function rowOf(given: readonly unknown[]): unknown {
  const [row] = given;
  const { t } = vscode.l10n;
  if (row === undefined && given.length > 1)
    throw new MemoryError('conflict', t('The rows were just being drawn anew.'), t('Click once more.'));
  return row;
}
