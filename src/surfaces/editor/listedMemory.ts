import * as vscode from 'vscode';

/** What lists and commands need of a memory; tools answer more. */
export interface ListedMemory {
  readonly id: string;
  readonly content: string;
  readonly memory_type: string;
  readonly namespace?: string;
  readonly priority?: string;
  readonly pinned?: boolean;
  readonly sensitive?: boolean;
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

/** Such as `3 h ago`, or the date once it is more than a week; a day without a time is `today`. */
export function ago(iso: string, now = Date.now()): string {
  if (iso.length === 10 && iso === new Date(now).toISOString().slice(0, 10)) return 'today';
  const minutes = Math.floor((now - Date.parse(iso)) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  if (minutes < 7 * 24 * 60) return `${Math.floor(minutes / 1440)} d ago`;
  return iso.slice(0, 10);
}
