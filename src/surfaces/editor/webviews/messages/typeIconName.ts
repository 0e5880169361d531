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

/** The codicon of a memory's type, in lists of the editor and in its pages. */
export function typeIconName(type: string): string {
  return ICONS[type] ?? 'note';
}
