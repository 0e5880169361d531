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

/** The first line that says something, without Markdown's marks, cut between words. @param chars at most so many */
export function memoryTitle(content: string, chars = 80): string {
  const line = content
    .split('\n')
    .map(text => unmarked(text.replace(/^[\s#>*…-]+/, '')).trim())
    .find(text => text !== '' && !/^[-=~|\s]*$/.test(text));
  if (line === undefined) return 'Untitled';
  return line.length > chars ? `${cut(line, chars - 1)}…` : line;
}

/** What the title does not say, as one line; empty where it says all. */
export function memoryPreview(content: string, title: string): string {
  const line = unmarked(content).replace(/\s+/g, ' ').trim();
  const bare = title.replace(/…$/, '');
  const at = line.indexOf(bare);
  // The title comes first, but for Markdown's marks; further in, the same words are another sentence.
  if (at < 0 || at > 8) return line;
  const rest = line.slice(at + bare.length).replace(/^[\s,;:.–-]+/, '');
  return rest && title !== bare ? `… ${rest}` : rest;
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

/** Without Markdown's marks of code and emphasis. */
function unmarked(text: string): string {
  return text.replace(/[`*_]{1,3}(\S.*?)[`*_]{1,3}/g, '$1');
}

/** Between words, where one is near enough, without what would stand before the ellipsis. */
function cut(line: string, chars: number): string {
  const space = line.lastIndexOf(' ', chars);
  return line.slice(0, space > chars * 0.6 ? space : chars).replace(/[\s,;:.–-]+$/, '');
}
