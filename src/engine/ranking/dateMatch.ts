const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** What a question says of when something was: each list is empty when it says nothing. */
export interface DateCues {
  /** 0..11 */
  readonly months: readonly number[];
  readonly years: readonly number[];
  /** 1..31, only beside a month. */
  readonly days: readonly number[];
  /** 0 Sunday..6 */
  readonly weekdays: readonly number[];
}

/** Months, years, days of the month and weekdays that a question names; undefined when it names none. */
export function dateCues(question: string): DateCues | undefined {
  const text = question.toLowerCase();
  // "may" is a verb more often than a month: only beside a number or after "in", "of", "last".
  const months = MONTHS.flatMap((month, i) => {
    const name =
      month === 'may'
        ? '(?:(?:in|of|last|this|since|until)\\s+may\\b|\\bmay\\s+\\d|\\d\\s+may\\b)'
        : `\\b(?:${month}|${month.slice(0, 3)})\\b`;
    return new RegExp(name).test(text) ? [i] : [];
  });
  const years = Array.from(text.matchAll(/\b(?:19|20)\d\d\b/g), match => Number(match[0]));
  const days =
    months.length === 0
      ? []
      : Array.from(text.matchAll(/\b([0-3]?\d)(?:st|nd|rd|th)?\b/g), match => Number(match[1])).filter(
          day => day >= 1 && day <= 31,
        );
  const weekdays = DAYS.flatMap((day, i) => (new RegExp(`\\b${day}s?\\b`).test(text) ? [i] : []));
  return months.length + years.length + weekdays.length === 0 ? undefined : { months, years, days, weekdays };
}

/**
 * How well a time fits what the question says of when.
 * @param createdAt milliseconds since the epoch, read as UTC
 * @returns share of the cues that fit, 0..1
 */
export function dateMatch(cues: DateCues, createdAt: number): number {
  const date = new Date(createdAt);
  const checks: boolean[] = [];
  if (cues.months.length > 0) checks.push(cues.months.includes(date.getUTCMonth()));
  if (cues.years.length > 0) checks.push(cues.years.includes(date.getUTCFullYear()));
  if (cues.days.length > 0) checks.push(cues.days.includes(date.getUTCDate()) && checks[0] === true);
  if (cues.weekdays.length > 0) checks.push(cues.weekdays.includes(date.getUTCDay()));
  return checks.filter(fits => fits).length / checks.length;
}
