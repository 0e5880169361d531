import type { Settings } from '../../config/settings.ts';
import { LIMITS } from '../../engine/model/limits.ts';
import { DIGEST_TOKENS } from '../../tools/memories/memoryDigest.ts';
import { type HookAnswer, type HookEvent, hookEvent } from './hookEvent.ts';
import type { Notes, SessionNotes } from './sessionNotes.ts';
import { sessionWork } from './sessionWork.ts';

/** Of the digest, what is told before the task is known. */
const START_TOKENS = 450;
const CHARS_PER_TOKEN = 4;

const OFFER = `Nothing of this session is in the shared memory yet. If you decided, found out or corrected something that later work in this repository should know, store it now with store_memory: one self-contained fact each, with names and paths, without secrets; what is known already is corrected with update_memory. If there is nothing of that kind, just end your turn. This is asked once a session.`;

export interface HookHost {
  readonly settings: Settings;
  readonly notes: SessionNotes;
  /** Calls the tool `memory_digest`. */
  digest(input: {
    readonly task?: string;
    readonly max_tokens: number;
    readonly known_ids?: readonly string[];
    readonly task_only?: boolean;
  }): Promise<{ readonly text: string; readonly memories: readonly { readonly id: string }[] }>;
}

/**
 * Answers a hook of Claude Code: what matters when a session starts, what is recalled for its first prompt, and once after substantial
 * work the question what was learnt.
 *
 * @param event as it came; one that is not known is not answered
 * @returns undefined: nothing is to be said
 */
export async function answerHook(event: unknown, host: HookHost): Promise<HookAnswer | undefined> {
  const parsed = hookEvent.safeParse(event);
  if (!parsed.success) return undefined;
  const text = await textFor(parsed.data, host);
  if (!text) return undefined;
  return {
    hookSpecificOutput: { hookEventName: parsed.data.hook_event_name, additionalContext: text },
  };
}

async function textFor(event: HookEvent, host: HookHost): Promise<string | undefined> {
  switch (event.hook_event_name) {
    case 'SessionStart':
      // A session that is resumed has its digest already.
      return host.settings['claude.digest'] && event.source !== 'resume' ? tellStart(event, host) : undefined;
    case 'UserPromptSubmit':
      return host.settings['claude.digest'] ? tellTask(event, host) : undefined;
    case 'Stop':
      return host.settings['claude.offerToStore'] ? offer(event, host) : undefined;
  }
}

async function tellStart(
  { session_id }: HookEvent,
  { digest, notes }: HookHost,
): Promise<string | undefined> {
  const { text, memories } = await digest({ max_tokens: START_TOKENS });
  const before = await notes.read(session_id);
  await notes.write(session_id, {
    ...told(text, memories),
    recalled: false,
    offered: before?.offered ?? false,
  });
  await notes.forgetOld(Date.now());
  return text;
}

/** The first prompt says what the work is about. A command of the client does not. */
async function tellTask(
  { session_id, prompt }: Extract<HookEvent, { hook_event_name: 'UserPromptSubmit' }>,
  { digest, notes }: HookHost,
): Promise<string | undefined> {
  const before = await notes.read(session_id);
  const task = prompt.trim();
  if (before?.recalled || task === '' || task.startsWith('/')) return undefined;
  const asked: Notes = { told: [], tokens: 0, offered: false, ...before, recalled: true };
  // Beforehand: where it takes too long, the next prompts are not kept waiting too.
  await notes.write(session_id, asked);
  const { text, memories } = await digest({
    task: task.slice(0, LIMITS.queryChars).toWellFormed(),
    max_tokens: DIGEST_TOKENS - (before?.tokens ?? 0),
    // Where the start told nothing, as when it took too long, all is told now.
    ...(before && { known_ids: before.told, task_only: true }),
  });
  const now = told(text, memories);
  await notes.write(session_id, {
    ...asked,
    told: [...asked.told, ...now.told],
    tokens: asked.tokens + now.tokens,
  });
  return text;
}

async function offer(
  {
    session_id,
    transcript_path,
    stop_hook_active,
    background_tasks,
  }: Extract<HookEvent, { hook_event_name: 'Stop' }>,
  { notes }: HookHost,
): Promise<string | undefined> {
  if (stop_hook_active || background_tasks.length > 0 || transcript_path === undefined) return undefined;
  const before = await notes.read(session_id);
  if (before?.offered) return undefined;
  const { substantial, stored } = await sessionWork(transcript_path);
  if (!substantial || stored) return undefined;
  await notes.write(session_id, { told: [], tokens: 0, recalled: false, ...before, offered: true });
  return OFFER;
}

function told(text: string, memories: readonly { readonly id: string }[]): Pick<Notes, 'told' | 'tokens'> {
  return { told: memories.map(({ id }) => id), tokens: Math.ceil(text.length / CHARS_PER_TOKEN) };
}
