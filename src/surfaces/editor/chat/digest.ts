import type * as vscode from 'vscode';
import { memoryTitle } from '../memories/memoryText.ts';
import type { Calls } from './forModel.ts';
import { LINK_CHARS, link, linked, nothing, whole } from './found.ts';
import type { Handler, Turn } from './turn.ts';

/** Of a person's words, what is recalled for. */
const TASK_CHARS = 4000;

interface Digest {
  /** For a model; empty when there is nothing. */
  readonly text: string;
  readonly memories: readonly { readonly id: string; readonly why: string }[];
}

/** What an agent is told at the start of work; for the words behind the command, also what they recall. */
export async function digest(...[memory, request, stream, token]: Parameters<Handler>): Promise<Turn> {
  const { memories } = await digestOf(memory, request.prompt, token);
  if (memories.length === 0) return { ...nothing(stream), command: 'digest' };
  const lines = await Promise.all(
    memories.map(async ({ id, why }) => {
      const { content, created_at } = await whole(memory, id, token);
      const title = memoryTitle(content, LINK_CHARS);
      return `- ${link({ id, title, date: created_at })} · ${why}\n`;
    }),
  );
  stream.markdown(linked(lines.join('')));
  return { command: 'digest', found: memories.length };
}

export async function digestOf(
  memory: Calls,
  task: string,
  token: vscode.CancellationToken,
): Promise<Digest> {
  return (await memory.call<Digest>('memory_digest', { task: task.slice(0, TASK_CHARS) }, { token }))
    .structured;
}
