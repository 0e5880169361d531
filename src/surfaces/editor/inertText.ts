import { oneLine } from '../../engine/foreignText.ts';

/** The editor cuts a message there. UTF-16 units. */
const MESSAGE_CHARS = 1000;

/** What the editor takes for a picture. */
const ICONS = /\$\([a-z0-9-]+(?:~[a-z]+)?\)/gi;

/**
 * Somebody else's text for a message or beneath a text box, where the editor makes `[text](address)` a link that may run any command:
 * one line of it, without links.
 */
export function inertMessage(text: string): string {
  return oneLine(text, MESSAGE_CHARS).replaceAll('](', '] (');
}

/** The same for a line of a list to choose from, where the editor would make a picture of `$(trash)`. */
export function withoutIcons(text: string): string {
  return text.replace(ICONS, '\\$&');
}
