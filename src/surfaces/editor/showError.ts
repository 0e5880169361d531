import * as vscode from 'vscode';
import { MemoryError } from '../../engine/errors.ts';
import type { EditorMemory } from './editorMemory.ts';
import { inertMessage } from './inertText.ts';

/** Wraps a command so that its failure is shown with what to do, and a bug goes to the log. */
export function reporting<A extends unknown[]>(
  memory: EditorMemory,
  run: (...args: A) => Promise<unknown>,
): (...args: A) => Promise<unknown> {
  return async (...args) => {
    try {
      return await run(...args);
    } catch (error) {
      showError(memory, error);
      return undefined;
    }
  };
}

/** @param settings it is the settings' fault, where anything is: they are a click away */
export function showError(memory: EditorMemory, error: unknown, settings = false): void {
  if (error instanceof vscode.CancellationError || MemoryError.is(error, 'cancelled')) return;
  memory.log.error(error instanceof Error ? error : String(error));
  const text = MemoryError.is(error)
    ? `${error.message} ${error.fix}`
    : vscode.l10n.t('Something went wrong: {0}', String(error));
  const [open, logs] = [vscode.l10n.t('Open Settings'), vscode.l10n.t('Show Logs')];
  void vscode.window.showErrorMessage(inertMessage(text), ...(settings ? [open] : []), logs).then(choice => {
    if (choice === logs) memory.log.show();
    if (choice === open) void vscode.commands.executeCommand('memoryCentral.openSettings');
  });
}
