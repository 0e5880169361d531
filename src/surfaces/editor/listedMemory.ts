/** A memory as get_agent_memories and semantic_search list it. */
export interface ListedMemory {
  readonly id: string;
  readonly content: string;
  readonly memory_type: string;
  readonly namespace?: string;
  readonly tags?: readonly string[];
  readonly pinned?: boolean;
  readonly score?: number;
  readonly date?: string;
  readonly created_at?: string;
  readonly agent_id?: string | null;
}

const TITLE_CHARS = 80;

/** Its first line, as a title. */
export function titleOf(memory: ListedMemory): string {
  const line = memory.content
    .trim()
    .replace(/^#+\s*/, '')
    .split('\n', 1)[0]!;
  return line.length > TITLE_CHARS ? `${line.slice(0, TITLE_CHARS).toWellFormed()}…` : line;
}

/** Codicon of a memory's type. */
export function iconOf(type: string): string {
  const icons: Readonly<Record<string, string>> = {
    conversation: 'comment-discussion',
    code: 'code',
    document: 'book',
    task: 'checklist',
    context: 'lightbulb',
    embedding: 'symbol-array',
    search_result: 'search',
    system_state: 'server-environment',
  };
  return icons[type] ?? 'note';
}
