import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/main/assets.ts';

/** A memory as load tests store it. */
export interface SyntheticMemory {
  readonly content: string;
  readonly tags: readonly string[];
  readonly session_id?: string;
  readonly created_at: string;
  readonly memory_type: string;
}

const TYPES = ['context', 'code', 'document', 'conversation', 'task'] as const;
const SESSION_SHARE = 0.5;
const SESSION_LENGTH = 20;
const START_MS = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;

/**
 * Short notes of 10 to 60 words whose words are as frequent as in real prose: sentences are cut from the installed packages' own
 * documentation at run time, mixed, and numbered so that no two are alike. The same seed gives the same notes.
 */
export function* syntheticMemories(count: number, seed = 1): Generator<SyntheticMemory> {
  const random = mulberry32(seed);
  const sentences = packageSentences();
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  for (let i = 0; i < count; i++) {
    const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(sentences));
    const inSession = random() < SESSION_SHARE;
    yield {
      content: `${parts.join(' ')} (note ${i})`,
      tags: [`area${Math.floor(random() * 20)}`],
      ...(inSession && { session_id: `session-${Math.floor(i / SESSION_LENGTH)}` }),
      created_at: new Date(START_MS + i * MINUTE_MS).toISOString(),
      memory_type: pick(TYPES),
    };
  }
}

/** Notes of one such sentence, of 8 to 25 words, all different. */
export function* shortNotes(count: number, seed = 3): Generator<string> {
  const random = mulberry32(seed);
  const sentences = packageSentences();
  for (let i = 0; i < count; i++) yield `${sentences[Math.floor(random() * sentences.length)]!} (note ${i})`;
}

/** Questions of 4 to 12 words that occur in the notes, all different. */
export function recallQuestions(count: number, seed = 2): string[] {
  const random = mulberry32(seed);
  const sentences = packageSentences();
  const questions = new Set<string>();
  while (questions.size < count) {
    const words = sentences[Math.floor(random() * sentences.length)]!.split(' ');
    const length = 4 + Math.floor(random() * 9);
    const from = Math.floor(random() * Math.max(1, words.length - length));
    questions.add(`how ${words.slice(from, from + length).join(' ')} ${questions.size}`);
  }
  return [...questions];
}

let cached: readonly string[] | undefined;

/** Sentences of 8 to 25 words from the README files of what is installed; read once. */
function packageSentences(): readonly string[] {
  if (cached) return cached;
  const modules = join(packageRoot, 'node_modules');
  const found = new Set<string>();
  for (const name of readdirSync(modules).sort()) {
    const scoped = name.startsWith('@')
      ? readdirSync(join(modules, name)).map(one => join(name, one))
      : [name];
    for (const folder of scoped)
      for (const sentence of sentencesOf(join(modules, folder, 'README.md'))) found.add(sentence);
  }
  cached = [...found];
  return cached;
}

function sentencesOf(file: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  const prose = text.replace(/```[\s\S]*?```/g, ' ').replace(/[#>*_`|[\]()]|https?:\S+/g, ' ');
  return prose
    .split(/(?<=[.!?])\s+|\n{2,}/)
    .map(sentence => sentence.replace(/\s+/g, ' ').trim())
    .filter(sentence => {
      const words = sentence.split(' ').length;
      return words >= 8 && words <= 25 && sentence.isWellFormed();
    });
}

/** A small seeded generator (public domain, T. Ettinger): the same numbers on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
