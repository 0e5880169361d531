import { oneLine } from '../../engine/foreignText.ts';
import type { Style } from './terminal.ts';

interface Waiting {
  readonly id: string;
  readonly content: string;
  readonly change: 'new' | 'changed';
  readonly changed_fields?: readonly string[];
  readonly by: string;
  readonly instance: string;
  readonly changed_at: string;
}

/** What waits, by who wrote it in which session. */
export function renderReview(structured: Record<string, unknown>, style: Style): string {
  const { memories, total } = structured as unknown as { memories: readonly Waiting[]; total: number };
  if (memories.length === 0) return 'Nothing waits for review.';
  const sets = new Map<string, Waiting[]>();
  for (const one of memories) {
    const head = `${oneLine(one.by)}  ${style('dim', `--instance ${oneLine(one.instance)}`)}`;
    sets.set(head, [...(sets.get(head) ?? []), one]);
  }
  const shown = [...sets].map(([head, all]) => [head, ...all.map(one => line(one, style))].join('\n'));
  return [...shown, style('dim', `${memories.length} of ${total}`)].join('\n');
}

function line({ id, change, changed_at, changed_fields, content }: Waiting, style: Style): string {
  const what =
    change === 'new' ? style('green', 'new') : style('yellow', `changed ${changed_fields?.join(', ')}`);
  const facts = `  ${style('cyan', oneLine(id))}  ${style('dim', changed_at.slice(0, 10))}  ${what}`;
  return `${facts}\n      ${oneLine(content)}`;
}
