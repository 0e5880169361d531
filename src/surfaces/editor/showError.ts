import * as vscode from 'vscode';
import { MemoryError } from '../../engine/errors.ts';
import type { EditorMemory } from './editorMemory.ts';

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

export function showError(memory: EditorMemory, error: unknown): void {
  if (error instanceof vscode.CancellationError || MemoryError.is(error, 'cancelled')) return;
  memory.log.error(error instanceof Error ? error : String(error));
  const text = MemoryError.is(error) ? `${error.message} ${error.fix}` : `Something went wrong: ${error}`;
  void vscode.window.showErrorMessage(text, 'Show Logs').then(choice => {
    if (choice) memory.log.show();
  });
}
