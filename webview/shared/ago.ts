import { howLongAgo } from '../../src/surfaces/editor/webviews/messages/howLongAgo.ts';
import { l10n } from './l10n.ts';

const LANGUAGE = document.documentElement.lang || 'en';
const TIME = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' });

/** Such as `3 h ago`, or the day once it is more than a week. @param at ms since the epoch */
export function ago(at: number): string {
  return howLongAgo(at, { t: l10n.t, language: LANGUAGE });
}

/** Day and time, as the editor's language writes them. @param at ms since the epoch */
export function fullTime(at: number): string {
  return TIME.format(at);
}
