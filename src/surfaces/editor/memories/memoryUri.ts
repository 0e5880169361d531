import * as vscode from 'vscode';
import { foreignPath } from '../foreignDocuments.ts';
import { memoryTitle } from './memoryText.ts';

export const MEMORY_SCHEME = 'memory';

/** Address of a memory as a document: the id decides, the path is what tabs and breadcrumbs show. A document that is open keeps its address. */
export function memoryUri(id: string, content: string): vscode.Uri {
  const open = vscode.workspace.textDocuments.find(
    ({ uri }) => uri.scheme === MEMORY_SCHEME && memoryIdOf(uri) === id,
  );
  if (open) return open.uri;
  const path = foreignPath(memoryTitle(content, 48), 'memory');
  return vscode.Uri.from({ scheme: MEMORY_SCHEME, path, query: id });
}

export function memoryIdOf(uri: vscode.Uri): string {
  return uri.query;
}
