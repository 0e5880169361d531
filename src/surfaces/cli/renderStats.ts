import type { z } from 'zod';
import type { memoryStats } from '../../tools/system/memoryStats.ts';
import type { Style } from './terminal.ts';

const BARS = '▁▂▃▄▅▆▇█';

/** What the memory holds and how it grows, in a row each. */
export function renderStats(structured: Record<string, unknown>, style: Style): string {
  const stats = structured as z.infer<typeof memoryStats.output>;
  const days = stats.stored_by_day;
  const stored = days.reduce((sum, one) => sum + one, 0);
  const counts = (values: Readonly<Record<string, number>>) =>
    Object.entries(values)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${name || 'nobody'} ${count}`)
      .join(', ') || 'none';
  const waiting =
    stats.pending_embeddings > 0 ? `, ${stats.pending_embeddings} waiting for an embedding` : '';
  const refused = stats.refused_embeddings > 0 ? `, ${stats.refused_embeddings} refused by the model` : '';
  const untried = stats.model_tried ? '' : ' (not tried yet)';
  const recall = `${stats.mode}${stats.problem ? `: ${stats.problem}` : `, ${stats.embedding_model}${untried}`}`;
  const rows: readonly (readonly [string, string])[] = [
    [
      'memories',
      `${stats.total}, ${stats.pinned} pinned, ${stats.expired} expired, ${kilobytes(stats.content_bytes)} of text`,
    ],
    ['growth', `${sparkline(days)} ${stored} in ${days.length} days, ${days.at(-1) ?? 0} today`],
    ['retention', `${stats.expiring_in_7_days} to expire within 7 days`],
    ['types', counts(stats.by_type)],
    ['priorities', counts(stats.by_priority)],
    ['agents', counts(stats.by_agent)],
    ['namespaces', counts(stats.by_namespace)],
    ['recall', `${recall}${waiting}${refused}`],
    ...(stats.store ? [['store', storeText(stats.store)] as const] : []),
  ];
  return rows.map(([name, value]) => `${style('dim', name.padEnd(12))}${value}`).join('\n');
}

/** A bar a number, the largest as high as can be. @param numbers >= 0 */
export function sparkline(numbers: readonly number[]): string {
  const most = Math.max(1, ...numbers);
  return numbers.map(one => BARS[Math.ceil((one / most) * (BARS.length - 1))]).join('');
}

function storeText({ bytes, driver, location }: { bytes: number; driver: string; location: string }): string {
  return `${location} (${driver}, ${kilobytes(bytes)})`;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`;
}
