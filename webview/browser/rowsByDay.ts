import type { Row } from '../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { l10n } from '../shared/l10n.ts';
import type { PagedRows } from './pagedRows.ts';
import { type Stretch, TimelineLayout } from './timelineLayout.ts';

const DAY = new Intl.DateTimeFormat(document.documentElement.lang || 'en', {
  dateStyle: 'full',
  timeZone: 'UTC',
});

interface DayCounts {
  readonly days: readonly { readonly day: string; readonly count: number }[];
  readonly older: number;
}

/** Headings by how many there are of each day. @param counts newest first */
export function dayStretches({ days, older }: DayCounts): TimelineLayout {
  const stretches: Stretch[] = days.map(({ count, day }) => ({
    heading: DAY.format(Date.parse(day)),
    count,
  }));
  if (older > 0) stretches.push({ heading: l10n.t('More than a year ago'), count: older });
  return new TimelineLayout(stretches);
}

/** What a search found, newest first, under its days. */
export function sortedIntoDays(found: PagedRows): { rows: readonly Row[]; layout: TimelineLayout } {
  const rows: Row[] = [];
  for (let i = 0; i < found.total; i++) {
    const row = found.row(i);
    if (row) rows.push(row);
  }
  rows.sort((a, b) => b.created - a.created);
  const counts = new Map<string, number>();
  for (const { created } of rows) {
    const day = new Date(created).toISOString().slice(0, 10);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  const days = [...counts].map(([day, count]) => ({ day, count }));
  return { rows, layout: dayStretches({ days, older: 0 }) };
}
