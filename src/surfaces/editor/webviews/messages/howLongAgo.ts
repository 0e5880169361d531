const MINUTE_MS = 60_000;
/** As long as `2026-11-22`. */
const DAY_CHARS = 10;

/** How a person reads, in the extension host and in its pages. */
export interface Reading {
  /** As `vscode.l10n.t`. */
  readonly t: (text: string, ...args: number[]) => string;
  /** Tag of the language, such as `de`. */
  readonly language: string;
}

/**
 * Such as `3 h ago`, or the day once it is more than a week.
 *
 * @param at ms since the epoch, or a time as ISO 8601 writes it; a day without a time is of UTC, and `today` while it lasts
 * @param now ms since the epoch
 */
export function howLongAgo(at: number | string, { t, language }: Reading, now = Date.now()): string {
  const dayOnly = typeof at === 'string' && at.length === DAY_CHARS;
  if (dayOnly && at === new Date(now).toISOString().slice(0, DAY_CHARS)) return t('today');
  const time = typeof at === 'string' ? Date.parse(at) : at;
  const minutes = Math.floor((now - time) / MINUTE_MS);
  if (minutes < 1) return t('now');
  if (minutes < 60) return t('{0} min ago', minutes);
  if (minutes < 24 * 60) return t('{0} h ago', Math.floor(minutes / 60));
  if (minutes < 7 * 24 * 60) return t('{0} d ago', Math.floor(minutes / 1440));
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', ...(dayOnly && { timeZone: 'UTC' }) });
  return day.format(time);
}
