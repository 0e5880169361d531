import * as vscode from 'vscode';
import { EditorMemory } from '../surfaces/editor/editorMemory.ts';
import { registerEditor } from '../surfaces/editor/registerEditor.ts';

let memory: EditorMemory | undefined;

/** Registers everything and starts nothing: the engine's thread starts at the first call. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Memory Central', { log: true });
  memory = new EditorMemory(context, context.asAbsolutePath('dist/engineWorker.js'), log);
  context.subscriptions.push(log, memory, registerEditor(context, memory));
}

/** Resolves when the store is closed. */
export async function deactivate(): Promise<void> {
  await memory?.close();
}
