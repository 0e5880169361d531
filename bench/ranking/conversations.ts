import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/main/assets.ts';
import type { CorpusEntry, Question } from './evaluate.ts';

export interface Conversation {
  readonly name: string;
  readonly corpus: readonly CorpusEntry[];
  readonly questions: readonly Question[];
}

interface RawConversation {
  readonly conversation: string;
  readonly turns: readonly { id: string; date: string; text: string }[];
  readonly questions: readonly { question: string; category: number | string; evidence: readonly string[] }[];
}

/**
 * Long conversations, one memory a turn, in the form of the public benchmark LoCoMo: research data, which is not part of this project.
 * @param file default: `MEMORY_BENCH_CONVERSATIONS`, else `conversations.json` beside the project
 */
export function loadConversations(file = conversationsFile()): readonly Conversation[] {
  const raw = JSON.parse(readFileSync(file, 'utf8')) as readonly RawConversation[];
  return raw.map(({ conversation, turns, questions }) => ({
    name: conversation,
    corpus: turns.map(({ id, date, text }, i) => ({
      id,
      text,
      session: id.split(':')[0]!,
      // Turns of a session share a date; a millisecond each keeps their order.
      createdAt: parseDate(date) + i,
    })),
    questions: questions.map(({ question, category, evidence }) => ({
      question,
      evidence,
      kind: String(category),
    })),
  }));
}

function conversationsFile(): string {
  const file =
    process.env['MEMORY_BENCH_CONVERSATIONS'] ??
    join(packageRoot, '..', 'shared', 'bench', 'conversations.json');
  if (!existsSync(file))
    throw new Error(`${file} is missing; set MEMORY_BENCH_CONVERSATIONS to a LoCoMo file in its form.`);
  return file;
}

/** "11:01 am on 17 December, 2022", read as UTC. */
function parseDate(text: string): number {
  const match = /(\d+):(\d+) (am|pm) on (\d+) (\w+), (\d+)/.exec(text);
  if (!match) throw new Error(`unknown date: ${text}`);
  const hour = (Number(match[1]) % 12) + (match[3] === 'pm' ? 12 : 0);
  return Date.parse(`${match[4]} ${match[5]} ${match[6]} ${String(hour).padStart(2, '0')}:${match[2]} UTC`);
}
