import type { Message } from './workingMemory.ts';

/** What a token has on average, where no tokeniser says it. */
const CHARS = 4;
/** A summary would be due at this share of the window. */
const SUMMARY_SHARE = 0.7;

/** About how many tokens messages take, each with who said it. */
export function tokensOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { content, role }) => sum + tokensOfText(`${role}: ${content}`), 0);
}

function tokensOfText(text: string): number {
  return Math.max(1, Math.ceil(text.length / CHARS));
}

/** The newest messages that fit, one at least. @param window tokens, >= 0 */
export function fitting(messages: readonly Message[], window: number): readonly Message[] {
  let left = tokensOf(messages);
  let from = 0;
  while (from < messages.length - 1 && left > window) left -= tokensOf([messages[from++]!]);
  return messages.slice(from);
}

/** How full a window is, in per cent, and how near to where a summary would be due; 0..100. @param window tokens, > 0 */
export function usage(messages: readonly Message[], window: number): { total: number; untilSummary: number } {
  const used = messages.length === 0 ? 0 : tokensOf(messages);
  const share = (of: number) => (of <= 0 ? 100 : Math.min(100, (100 * used) / of));
  return { total: share(window), untilSummary: share(Math.floor(window * SUMMARY_SHARE)) };
}
