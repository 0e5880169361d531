import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import { anchoredText } from '../../../engine/anchors/anchoredText.ts';
import type { Anchor } from '../../../engine/model/memory.ts';
import type { EditorMemory } from '../editorMemory.ts';
import type { Lines } from './followEdits.ts';

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The lines that a selection touches; one that ends before a line's first character does not reach into it. */
export function selectedLines({ end, start }: vscode.Selection): Lines {
  const last = end.character === 0 ? end.line - 1 : end.line;
  return { start: start.line, end: Math.max(start.line, last) };
}

/**
 * An anchor to lines of a file as they are in its editor; undefined for what is no file.
 * @param text of the document, line by line
 */
export async function anchorLines(
  memory: EditorMemory,
  uri: vscode.Uri,
  text: readonly string[],
  { end, start }: Lines,
): Promise<Anchor | undefined> {
  if (uri.scheme !== 'file') return undefined;
  const textHash = sha256(anchoredText(text, start + 1, end + 1));
  const place = await memory.request('anchorOf', { file: uri.fsPath });
  return { ...place, startLine: start + 1, endLine: end + 1, textHash };
}
