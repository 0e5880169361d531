import { MemoryError } from '../errors.ts';

const MAX_TEXTS = 1_000;

/** Throws `invalid_input` when a call has more texts than every embedder must take. */
export function checkTextCount(texts: readonly string[]): void {
  if (texts.length <= MAX_TEXTS) return;
  const message = `${texts.length} texts in one call; at most ${MAX_TEXTS} are allowed.`;
  throw new MemoryError('invalid_input', message, 'Split them into several calls.');
}
