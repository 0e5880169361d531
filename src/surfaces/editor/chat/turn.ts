import type * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';

/** What a turn was, for what may follow it. */
export interface Turn {
  readonly command: 'recall' | 'remember' | 'forget' | 'status' | 'digest' | 'continue';
  readonly found?: number;
}
/** Answers one command, or words without one. */
export type Handler = (
  memory: EditorMemory,
  request: vscode.ChatRequest,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
  /** Nothing was said before it. */
  isFirst: boolean,
) => Promise<Turn>;
