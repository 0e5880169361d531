import * as vscode from 'vscode';
import { type ErrorCode, MemoryError } from '../../engine/errors.ts';
import type { EditorMemory } from './editorMemory.ts';
import { showError } from './showError.ts';

/** What may be over by the next time, or is mended in the text. */
const MAY_PASS: readonly ErrorCode[] = ['unavailable', 'invalid_input', 'too_large'];

/**
 * Asks for a text and does something with it. Where that fails, as with a locked store, it says so and asks again with what was typed:
 * nobody types it twice. Rejects where that would not help.
 */
export async function askAndDo(
  memory: EditorMemory,
  options: vscode.InputBoxOptions,
  run: (text: string) => Promise<unknown>,
): Promise<void> {
  let value = options.value ?? '';
  for (;;) {
    const text = await vscode.window.showInputBox({ ...options, value, ignoreFocusOut: true });
    if (text === undefined) return;
    try {
      await run(text);
      return;
    } catch (error) {
      if (!MemoryError.is(error) || !MAY_PASS.includes(error.code)) throw error;
      showError(memory, error);
      value = text;
    }
  }
}
