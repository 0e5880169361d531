import { MemoryError } from '../errors.ts';
import { checkLabel } from '../memories/checkLabel.ts';
import { checkText } from '../memories/checkText.ts';
import { checkTexts } from '../memories/checkTexts.ts';
import type { Permission, SharedFile } from '../model/context.ts';
import { LIMITS } from '../model/limits.ts';
import type { Metadata } from '../model/memory.ts';
import { checkTime } from '../model/time.ts';

/** What a caller gives to share. */
export interface ContextDraft {
  readonly namespace?: string | undefined;
  readonly from?: string | undefined;
  /**
   * Ids of agents, principals (`user@host/client`) or names of clients; `*`: everybody in the namespace. Empty: who shared what it answers
   * (`replyTo`), or whoever shares in both directions under its topic.
   */
  readonly to: readonly string[];
  readonly topic?: string | undefined;
  readonly content?: string | undefined;
  readonly memoryIds?: readonly string[] | undefined;
  readonly files?: readonly SharedFile[] | undefined;
  readonly session?: string | undefined;
  readonly taskId?: string | undefined;
  readonly permission?: Permission | undefined;
  readonly bidirectional?: boolean | undefined;
  readonly replyTo?: string | undefined;
  readonly metadata?: Metadata | undefined;
  /** ms since the epoch */
  readonly expiresAt?: number | undefined;
}

const MAX_RECEIVERS = 64;
const MAX_MEMORIES = 200;
const MAX_FILES = 100;
const MAX_PATH_CHARS = 4000;

/** Throws `invalid_input`, `too_large`. */
export function checkContext(draft: ContextDraft, now: number): void {
  const { to, content = '', memoryIds = [], files = [], session, taskId } = draft;
  const somebody = to.length > 0 || draft.replyTo !== undefined || (draft.topic ?? '') !== '';
  if (!somebody || to.length > MAX_RECEIVERS || to.includes(''))
    throw refused(
      to.length === 0 ? 'to_agent is missing.' : `It is for ${to.length} receivers, or one is empty.`,
      `Name 1 to ${MAX_RECEIVERS}, or * for all.`,
    );
  if (
    content === '' &&
    memoryIds.length === 0 &&
    files.length === 0 &&
    session === undefined &&
    taskId === undefined
  )
    throw refused('There is nothing in it.', 'Give content, memory_ids, files, session_id or task_id.');
  checkLabel('The topic', draft.topic ?? '', LIMITS.titleChars);
  checkText('The content', content, LIMITS.workChars);
  checkText('The metadata', JSON.stringify(draft.metadata ?? {}), LIMITS.metadataChars);
  checkTexts('The metadata', draft.metadata);
  checkTexts('The files', files);
  checkText('The files', JSON.stringify(files), LIMITS.workChars);
  for (const name of [...to, session ?? '', taskId ?? '', draft.replyTo ?? ''])
    checkLabel('A name', name, LIMITS.idChars);
  for (const { path } of files) checkLabel('The path of a file', path, MAX_PATH_CHARS);
  if (memoryIds.length > MAX_MEMORIES || files.length > MAX_FILES)
    throw new MemoryError(
      'too_large',
      `${memoryIds.length} memories and ${files.length} files are too many.`,
      `Share at most ${MAX_MEMORIES} memories and ${MAX_FILES} files at once, or a whole session.`,
    );
  if (draft.expiresAt !== undefined) checkTime('The end of what is shared', draft.expiresAt);
  if (draft.expiresAt !== undefined && draft.expiresAt <= now)
    throw refused('It would be over before it begins.', 'Give an end that lies ahead.');
}

function refused(message: string, fix: string): MemoryError {
  return new MemoryError('invalid_input', `${message} Nothing was shared.`, fix);
}
