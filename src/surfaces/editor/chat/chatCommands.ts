import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { checkContent } from '../memories/checkContent.ts';
import { memoryTitle } from '../memories/memoryText.ts';
import { memoryUri } from '../memories/memoryUri.ts';
import { labelName } from '../webviews/messages/labelName.ts';
import { command, link, linked, list, nothing, search } from './found.ts';
import type { Handler, Turn } from './turn.ts';

const { t } = vscode.l10n;

interface Stats {
  readonly total: number;
  readonly pinned: number;
  readonly by_type: Readonly<Record<string, number>>;
  readonly pending_embeddings: number;
  readonly problem?: string;
}
/** `/recall` */
export async function show(...[memory, request, stream, token]: Parameters<Handler>): Promise<Turn> {
  const hits = await search(memory, request.prompt, stream, token);
  if (hits.length === 0) return nothing(stream);
  list(hits, stream);
  return { command: 'recall', found: hits.length };
}

export async function remember(...[memory, request, stream, token]: Parameters<Handler>): Promise<Turn> {
  const content = request.prompt.trim();
  if (content === '')
    throw new MemoryError('invalid_input', 'There is nothing to remember.', 'Write it behind /remember.');
  checkContent(content);
  const input = { content, source: 'user', trust: 1 };
  const { structured } = await memory.call<{
    id: string;
    namespace: string;
    duplicate: boolean;
    operation_id: string | null;
    masked_secrets?: readonly string[];
  }>('store_memory', input, { token });
  const { id, namespace, duplicate, operation_id, masked_secrets } = structured;
  stream.markdown(`${duplicate ? t('That was known already:') : t('Remembered in `{0}`:', namespace)} `);
  stream.anchor(memoryUri(id, content), memoryTitle(content));
  if (masked_secrets) stream.markdown(`\n\n${t('Secrets were masked: {0}.', masked_secrets.join(', '))}`);
  if (operation_id !== null)
    stream.button({ command: 'memoryCentral.undo', title: t('Undo'), arguments: [operation_id] });
  return { command: 'remember' };
}

/** Nothing is deleted by a guess: each memory found has its own link. Buttons would fold what stands before them. */
export async function forget(...[memory, request, stream, token]: Parameters<Handler>): Promise<Turn> {
  const hits = await search(memory, request.prompt, stream, token);
  if (hits.length === 0) return { ...nothing(stream), command: 'forget' };
  const lines = hits.map(hit => `- ${link(hit)} · [${t('Forget')}](${command('deleteMemory', hit.id)})\n`);
  stream.markdown(
    linked(`${t('Which of these should be forgotten? It can be undone.')}\n\n${lines.join('')}`),
  );
  return { command: 'forget', found: hits.length };
}

export async function status(...[memory, , stream, token]: Parameters<Handler>): Promise<Turn> {
  const { structured: stats } = await memory.call<Stats>('memory_stats', {}, { token });
  const { namespace } = await memory.caller();
  const types = Object.entries(stats.by_type).map(([type, count]) => `${count} ${labelName(type, t)}`);
  const lines = [
    types.length > 0
      ? t('{0} memories in {1} and global: {2}', stats.total, namespace, types.join(', '))
      : t('{0} memories in {1} and global', stats.total, namespace),
    t('{0} pinned', stats.pinned),
    stats.problem ? t('Recall by words only: {0}', stats.problem) : t('Recall by meaning and words'),
    ...(stats.pending_embeddings > 0
      ? [t('{0} are still being indexed; they are found by words until then', stats.pending_embeddings)]
      : []),
  ];
  stream.markdown(lines.map(text => `- ${escapedMarkdown(text)}\n`).join(''));
  stream.button({ command: 'memoryCentral.showStatus', title: t('Show Status') });
  return { command: 'status' };
}
