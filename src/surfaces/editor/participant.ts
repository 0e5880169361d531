import * as vscode from 'vscode';
import { MemoryError } from '../../engine/errors.ts';
import type { EditorMemory } from './editorMemory.ts';
import { escapedMarkdown } from './escapedMarkdown.ts';
import { groundedPrompt, type Note } from './groundedPrompt.ts';
import { ago, type ListedMemory, memoryIcon } from './listedMemory.ts';
import { memoryPreview, memoryTitle } from './memoryText.ts';
import { memoryUri } from './memoryUri.ts';

/** Memories an answer is drawn from. */
const USED = 6;
/** What of a memory goes to the model. */
const NOTE_CHARS = 2000;
/** Of a memory's first line in a list: enough for most facts to stand whole. */
const LINK_CHARS = 160;
/** Commands that links of an answer may run. */
const LINKED = ['openMemory', 'deleteMemory'] as const;

type Hit = ListedMemory & {
  readonly date: string;
  readonly score: number;
  /** Its first line. */
  readonly title: string;
};
interface Stats {
  readonly total: number;
  readonly pinned: number;
  readonly by_type: Readonly<Record<string, number>>;
  readonly pending_embeddings: number;
  readonly problem?: string;
}
interface Turn {
  readonly command: 'recall' | 'remember' | 'forget' | 'status';
  readonly found?: number;
}
type Handler = (
  memory: EditorMemory,
  request: vscode.ChatRequest,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
) => Promise<Turn>;

const HANDLERS: Readonly<Record<string, Handler>> = { recall: show, remember, forget, status };

/** `@memory`: answers from memories with the chat's model, and shows them where there is none. */
export function registerParticipant(memory: EditorMemory): vscode.Disposable {
  const participant = vscode.chat.createChatParticipant(
    'memoryCentral.memory',
    async (request, _context, stream, token): Promise<vscode.ChatResult> => {
      const handler = HANDLERS[request.command ?? ''] ?? answer;
      try {
        return { metadata: await handler(memory, request, stream, token) };
      } catch (error) {
        if (!MemoryError.is(error)) memory.log.error(error instanceof Error ? error : String(error));
        const message = MemoryError.is(error) ? `${error.message} ${error.fix}` : String(error);
        return { errorDetails: { message } };
      }
    },
  );
  participant.iconPath = new vscode.ThemeIcon('database');
  participant.followupProvider = {
    provideFollowups: ({ metadata }) => followups(metadata as Turn | undefined),
  };
  return participant;
}

function followups(turn: Turn | undefined): vscode.ChatFollowup[] {
  switch (turn?.command) {
    case 'recall':
      return [
        { prompt: 'What was decided lately?', label: 'What was decided lately?' },
        { prompt: '', command: 'status', label: 'How complete is the memory?' },
      ];
    case 'remember':
      return [{ prompt: 'What else is known about this?', label: 'What else is known about this?' }];
    case undefined:
      return [];
    default:
      return [{ prompt: 'What was decided lately?', command: 'recall', label: 'Show the latest decisions' }];
  }
}

/** Without a command: the model's answer, grounded in memories; the memories themselves where no model answers. */
async function answer(...[memory, request, stream, token]: Parameters<Handler>): Promise<Turn> {
  const hits = await search(memory, request.prompt, stream, token);
  if (hits.length === 0) return nothing(stream);
  const notes = await Promise.all(
    hits.map(async (hit): Promise<Note> => {
      const content = await wholeContent(memory, hit.id, token);
      return { id: hit.id, date: hit.date, text: content.slice(0, NOTE_CHARS) };
    }),
  );
  const answered = await streamModel(memory, request, notes, stream, token);
  if (answered)
    for (const hit of hits) stream.reference(memoryUri(hit.id, hit.title), memoryIcon(hit.memory_type));
  else list(hits, stream);
  return { command: 'recall', found: hits.length };
}

/** @returns false when no model answered */
async function streamModel(
  memory: EditorMemory,
  request: vscode.ChatRequest,
  notes: readonly Note[],
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<boolean> {
  let any = false;
  try {
    const response = await request.model.sendRequest(groundedPrompt(request.prompt, notes), {}, token);
    for await (const part of response.text) {
      any ||= part !== '';
      stream.markdown(part);
    }
  } catch (error) {
    // No model, no consent or no quota: what was found is an answer too.
    memory.log.info('No language model answered', { error: String(error) });
  }
  return any;
}

async function show(...[memory, request, stream, token]: Parameters<Handler>): Promise<Turn> {
  const hits = await search(memory, request.prompt, stream, token);
  if (hits.length === 0) return nothing(stream);
  list(hits, stream);
  return { command: 'recall', found: hits.length };
}

async function remember(...[memory, request, stream, token]: Parameters<Handler>): Promise<Turn> {
  const content = request.prompt.trim();
  if (content === '')
    throw new MemoryError('invalid_input', 'There is nothing to remember.', 'Write it behind /remember.');
  const input = { content, source: 'user', trust: 1 };
  const { structured } = await memory.call<{
    id: string;
    namespace: string;
    duplicate: boolean;
    operation_id: string | null;
    masked_secrets?: readonly string[];
  }>('store_memory', input, { token });
  const { id, namespace, duplicate, operation_id, masked_secrets } = structured;
  stream.markdown(duplicate ? 'That was known already: ' : `Remembered in \`${namespace}\`: `);
  stream.anchor(memoryUri(id, content), memoryTitle(content));
  if (masked_secrets) stream.markdown(`\n\nSecrets were masked: ${masked_secrets.join(', ')}.`);
  if (operation_id !== null)
    stream.button({ command: 'memoryCentral.undo', title: 'Undo', arguments: [operation_id] });
  return { command: 'remember' };
}

/** Nothing is deleted by a guess: each memory found has its own link. Buttons would fold what stands before them. */
async function forget(...[memory, request, stream, token]: Parameters<Handler>): Promise<Turn> {
  const hits = await search(memory, request.prompt, stream, token);
  if (hits.length === 0) return { ...nothing(stream), command: 'forget' };
  const lines = hits.map(hit => `- ${link(hit)} · [Forget](${command('deleteMemory', hit.id)})\n`);
  stream.markdown(linked(`Which of these should be forgotten? It can be undone.\n\n${lines.join('')}`));
  return { command: 'forget', found: hits.length };
}

async function status(...[memory, , stream, token]: Parameters<Handler>): Promise<Turn> {
  const { structured: stats } = await memory.call<Stats>('memory_stats', {}, { token });
  const { namespace } = await memory.caller();
  const types = Object.entries(stats.by_type).map(([type, count]) => `${count} ${type.replace('_', ' ')}`);
  const lines = [
    `${stats.total} memories in ${namespace} and global${types.length > 0 ? `: ${types.join(', ')}` : ''}`,
    `${stats.pinned} pinned`,
    stats.problem ? `Recall by words only: ${stats.problem}` : 'Recall by meaning and words',
    ...(stats.pending_embeddings > 0
      ? [`${stats.pending_embeddings} are still being indexed; they are found by words until then`]
      : []),
  ];
  stream.markdown(lines.map(text => `- ${escapedMarkdown(text)}\n`).join(''));
  stream.button({ command: 'memoryCentral.showStatus', title: 'Show Status' });
  return { command: 'status' };
}

async function search(
  memory: EditorMemory,
  prompt: string,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<readonly Hit[]> {
  const query = prompt.trim();
  if (query === '') throw new MemoryError('invalid_input', 'What should be looked for?', 'Write some words.');
  stream.progress('Searching memories');
  const input = { query, limit: USED };
  const { structured } = await memory.call<{ memories: readonly Omit<Hit, 'title'>[]; problem?: string }>(
    'semantic_search',
    input,
    { token },
  );
  if (structured.problem) stream.markdown(`*By words only: ${structured.problem}*\n\n`);
  return Promise.all(
    structured.memories.map(async hit => {
      // A passage from further in does not name its memory.
      const whole = hit.content.startsWith('…') ? await wholeContent(memory, hit.id, token) : hit.content;
      return { ...hit, title: memoryTitle(whole, LINK_CHARS) };
    }),
  );
}

async function wholeContent(
  memory: EditorMemory,
  id: string,
  token: vscode.CancellationToken,
): Promise<string> {
  const { structured } = await memory.call<{ content: string }>(
    'retrieve_memory',
    { memory_id: id },
    { token },
  );
  return structured.content;
}

function list(hits: readonly Hit[], stream: vscode.ChatResponseStream): void {
  for (const hit of hits) {
    stream.reference(memoryUri(hit.id, hit.title), memoryIcon(hit.memory_type));
    const preview = memoryPreview(hit.content, hit.title);
    stream.markdown(linked(`- ${link(hit)}${preview && `  \n  ${escapedMarkdown(preview)}`}\n`));
  }
}

/** Its title, which opens it, and its day. */
function link({ id, title, date }: Hit): string {
  return `[${escapedMarkdown(title)}](${command('openMemory', id)}) · ${ago(date)}`;
}

function command(name: (typeof LINKED)[number], id: string): string {
  return `command:memoryCentral.${name}?${encodeURIComponent(JSON.stringify([id]))}`;
}

/** @param markdown in which every stored text is escaped: its links run commands */
function linked(markdown: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString(markdown);
  text.isTrusted = { enabledCommands: LINKED.map(name => `memoryCentral.${name}`) };
  return text;
}

function nothing(stream: vscode.ChatResponseStream): Turn {
  stream.markdown('Nothing is remembered about that. Store something with `@memory /remember …`.');
  return { command: 'recall', found: 0 };
}
