import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { ago, type ListedMemory, memoryIcon } from '../memories/listedMemory.ts';
import { memoryPreview, memoryTitle } from '../memories/memoryText.ts';
import { memoryUri } from '../memories/memoryUri.ts';
import type { Calls } from './forModel.ts';
import type { Turn } from './turn.ts';

/** Memories an answer is drawn from. */
const USED = 6;
/** Of a memory's first line in a list: enough for most facts to stand whole. */
export const LINK_CHARS = 160;
/** Commands that links of an answer may run. */
const LINKED = ['openMemory', 'deleteMemory'] as const;

export type Hit = ListedMemory & {
  readonly date: string;
  readonly score: number;
  /** Its first line. */
  readonly title: string;
};
export async function search(
  memory: Calls,
  prompt: string,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<readonly Hit[]> {
  const query = prompt.trim();
  if (query === '') throw new MemoryError('invalid_input', 'What should be looked for?', 'Write some words.');
  stream.progress(vscode.l10n.t('Searching memories'));
  const input = { query, limit: USED };
  const { structured } = await memory.call<{ memories: readonly Omit<Hit, 'title'>[]; problem?: string }>(
    'semantic_search',
    input,
    { token },
  );
  if (structured.problem)
    stream.markdown(`*${vscode.l10n.t('By words only: {0}', escapedMarkdown(structured.problem))}*\n\n`);
  return Promise.all(
    structured.memories.map(async hit => {
      // A passage from further in does not name its memory.
      const { content } = hit.content.startsWith('…') ? await whole(memory, hit.id, token) : hit;
      return { ...hit, title: memoryTitle(content, LINK_CHARS) };
    }),
  );
}

export async function whole(
  memory: Calls,
  id: string,
  token: vscode.CancellationToken,
): Promise<{ readonly content: string; readonly created_at: string }> {
  const { structured } = await memory.call<{ content: string; created_at: string }>(
    'retrieve_memory',
    { memory_id: id },
    { token },
  );
  return structured;
}

export function list(hits: readonly Hit[], stream: vscode.ChatResponseStream): void {
  for (const hit of hits) {
    stream.reference(memoryUri(hit.id, hit.title), memoryIcon(hit.memory_type));
    const preview = memoryPreview(hit.content, hit.title);
    stream.markdown(linked(`- ${link(hit)}${preview && `  \n  ${escapedMarkdown(preview)}`}\n`));
  }
}

/** Its title, which opens it, and its day. */
export function link({ id, title, date }: Pick<Hit, 'id' | 'title' | 'date'>): string {
  return `[${escapedMarkdown(title)}](${command('openMemory', id)}) · ${ago(date)}`;
}

export function command(name: (typeof LINKED)[number], id: string): string {
  return `command:memoryCentral.${name}?${encodeURIComponent(JSON.stringify([id]))}`;
}

/** @param markdown in which every stored text is escaped: its links run commands */
export function linked(markdown: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString(markdown);
  text.isTrusted = { enabledCommands: LINKED.map(name => `memoryCentral.${name}`) };
  return text;
}

export function nothing(stream: vscode.ChatResponseStream): Turn {
  stream.markdown(
    vscode.l10n.t('Nothing is remembered about that. Store something with `@memory /remember …`.'),
  );
  return { command: 'recall', found: 0 };
}
