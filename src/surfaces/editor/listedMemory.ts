import * as vscode from 'vscode';

/** What lists and commands need of a memory; tools answer more. */
export interface ListedMemory {
  readonly id: string;
  readonly content: string;
  readonly memory_type: string;
  readonly namespace?: string;
  readonly priority?: string;
  readonly pinned?: boolean;
  readonly created_at?: string;
  readonly agent_id?: string | null;
  readonly tags?: readonly string[];
}

const ICONS: Readonly<Record<string, string>> = {
  conversation: 'comment-discussion',
  code: 'code',
  document: 'book',
  task: 'checklist',
  context: 'lightbulb',
  embedding: 'graph-scatter',
  search_result: 'search',
  system_state: 'server-environment',
};

export function memoryIcon(type: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(ICONS[type] ?? 'note');
}

/** The first line that says something, without Markdown's marks. @param chars at most so many */
export function memoryTitle(content: string, chars = 80): string {
  const line = content
    .split('\n')
    .map(text =>
      text
        .replace(/^[\s#>*-]+/, '')
        .replace(/[`*_]{1,3}(\S.*?)[`*_]{1,3}/g, '$1')
        .trim(),
    )
    .find(text => text !== '' && !/^[-=~|\s]*$/.test(text));
  if (line === undefined) return 'Untitled';
  return line.length > chars ? `${line.slice(0, chars - 1).trimEnd()}…` : line;
}

/** Such as `3 h ago`, or the date once it is more than a week. */
export function ago(iso: string, now = Date.now()): string {
  const minutes = Math.floor((now - Date.parse(iso)) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  if (minutes < 7 * 24 * 60) return `${Math.floor(minutes / 1440)} d ago`;
  return iso.slice(0, 10);
}
