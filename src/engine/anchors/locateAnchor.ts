import type { Anchor } from '../model/memory.ts';
import { breathe } from '../search/breathe.ts';
import { anchoredText } from './anchoredText.ts';

/** An anchor to lines whose text can be told again. */
export type CheckedAnchor = Anchor & { readonly startLine: number; readonly textHash: string };

/** Where the anchored text is now. Lines count from 1, the end is included. */
export interface AnchorPlace {
  /** `here`: where the anchor says. `moved`: elsewhere in the file. `changed`: nowhere; the lines are the anchor's, as far as there are such. */
  readonly state: 'here' | 'moved' | 'changed';
  readonly startLine: number;
  readonly endLine: number;
}

/** So many characters are hashed in one go, 2 ms or so, and at most so many to find one text again. */
const BREATH_CHARS = 1_000_000;
const MOST_CHARS = 64_000_000;

export function isChecked(anchor: Anchor): anchor is CheckedAnchor {
  return anchor.startLine !== undefined && anchor.textHash !== undefined;
}

/**
 * Looks for the anchored text: at its lines, then ever farther from them, so that of two equal texts the nearer is found.
 *
 * @param lines of the file
 * @param sha256 64 lower-case hex digits
 * Rejects with the signal's reason once it fires. A text that 64 million characters of looking do not find counts as changed.
 */
export async function locateAnchor(
  lines: readonly string[],
  anchor: CheckedAnchor,
  sha256: (text: string) => string,
  signal?: AbortSignal,
): Promise<AnchorPlace> {
  const wanted = anchor.textHash.toLowerCase();
  const height = Math.max(1, (anchor.endLine ?? anchor.startLine) - anchor.startLine + 1);
  const last = lines.length - height + 1;
  let hashed = 0;
  let breath = BREATH_CHARS;
  const isAt = (start: number) => {
    if (start < 1 || start > last) return false;
    const text = anchoredText(lines, start, start + height - 1);
    hashed += text.length + 64;
    return sha256(text) === wanted;
  };
  const place = (state: AnchorPlace['state'], startLine: number): AnchorPlace => ({
    state,
    startLine,
    endLine: startLine + height - 1,
  });
  // What the anchor says may be any number.
  const from = Math.max(1, Math.min(anchor.startLine, last));
  if (isAt(from)) return place(from === anchor.startLine ? 'here' : 'moved', from);
  const farthest = Math.max(from - 1, last - from);
  for (let away = 1; away <= farthest && hashed < MOST_CHARS; away++) {
    for (const start of [from - away, from + away]) if (isAt(start)) return place('moved', start);
    if (hashed < breath) continue;
    breath = hashed + BREATH_CHARS;
    await breathe();
    signal?.throwIfAborted();
  }
  const startLine = Math.max(1, Math.min(anchor.startLine, lines.length));
  return { state: 'changed', startLine, endLine: Math.min(startLine + height - 1, lines.length) };
}
