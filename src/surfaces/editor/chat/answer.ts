import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { type ListedMemory, memoryIcon } from '../memories/listedMemory.ts';
import { memoryTitle } from '../memories/memoryText.ts';
import { memoryUri } from '../memories/memoryUri.ts';
import { setting } from '../settingOverrides.ts';
import { digestOf } from './digest.ts';
import { forModel } from './forModel.ts';
import { type Hit, LINK_CHARS, link, linked, list, nothing, search, whole } from './found.ts';
import { groundedPrompt, type Note } from './groundedPrompt.ts';
import type { Handler, Turn } from './turn.ts';

/** What of a memory goes to the model. */
const NOTE_CHARS = 2000;
/** Memories of the file that is open, at most. */
const OF_FILE = 5;

/**
 * Without a command: the model's answer, grounded in memories, at the beginning of a conversation in the digest too; the memories
 * themselves where no model answers.
 */
export async function answer(
  ...[memory, request, stream, token, isFirst]: Parameters<Handler>
): Promise<Turn> {
  const seen = forModel(memory);
  const [recalled, ofFile, known] = await Promise.all([
    search(seen, request.prompt, stream, token),
    setting<boolean>('chat.currentFile') ? anchoredInOpenFile(memory, token) : [],
    isFirst && setting<boolean>('chat.digest') ? digestOf(seen, '', token) : undefined,
  ]);
  const hits = [...recalled, ...ofFile.filter(({ id }) => !recalled.some(one => one.id === id))];
  if (hits.length === 0 && !known?.text) return nothing(stream);
  const notes = await Promise.all(
    hits.map(async (hit): Promise<Note> => {
      const { content } = await whole(seen, hit.id, token);
      return { id: hit.id, date: hit.date, text: content.slice(0, NOTE_CHARS) };
    }),
  );
  const prompt = groundedPrompt(request.prompt, notes, known?.text);
  const answered = await streamModel(memory, request, prompt, stream, token);
  if (hits.length === 0 && answered === '') return nothing(stream);
  if (answered !== '') {
    for (const hit of hits) stream.reference(memoryUri(hit.id, hit.title), memoryIcon(hit.memory_type));
    stream.markdown(linked(`\n\n${named(hits, answered)}`));
  } else {
    stream.markdown(
      `${vscode.l10n.t(
        '*No language model answered, so these are the memories themselves. An answer needs a chat model: sign in to Copilot, or add one with “Chat: Manage Language Models”.*',
      )}\n\n`,
    );
    list(hits, stream);
  }
  return { command: 'recall', found: hits.length };
}

/** What the numbers in an answer stand for, as links; all that it may be drawn from where it names none. */
function named(hits: readonly Hit[], answered: string): string {
  const numbered = hits.map((hit, i) => ({ hit, number: `[${i + 1}]` }));
  const used = numbered.filter(({ number }) => answered.includes(number));
  return (used.length > 0 ? used : numbered)
    .map(({ hit, number }) => `${escapedMarkdown(number)} ${link(hit)}  \n`)
    .join('');
}

/** What is remembered of the file that is being edited; nothing where it is not on disk. */
async function anchoredInOpenFile(
  memory: EditorMemory,
  token: vscode.CancellationToken,
): Promise<readonly Hit[]> {
  const open = vscode.window.activeTextEditor?.document.uri;
  if (open?.scheme !== 'file' || !vscode.workspace.isTrusted) return [];
  const { path } = await memory.request('anchorOf', { file: open.fsPath });
  const input = { path, limit: OF_FILE };
  const { structured } = await forModel(memory).call<{
    memories: readonly (ListedMemory & { created_at: string })[];
  }>('get_agent_memories', input, { token });
  return structured.memories.map(one => ({
    ...one,
    date: one.created_at,
    score: 0,
    title: memoryTitle(one.content, LINK_CHARS),
  }));
}

/** @returns what it said; empty when no model answered */
async function streamModel(
  memory: EditorMemory,
  request: vscode.ChatRequest,
  prompt: vscode.LanguageModelChatMessage[],
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<string> {
  let said = '';
  try {
    const response = await request.model.sendRequest(prompt, {}, token);
    for await (const part of response.text) {
      said += part;
      stream.markdown(part);
    }
  } catch (error) {
    // No model, no consent or no quota: what was found is an answer too.
    memory.log.info('No language model answered', { error: String(error) });
  }
  return said;
}
