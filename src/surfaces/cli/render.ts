import { oneLine } from '../../engine/foreignText.ts';
import type { HitView, MemoryView } from '../../tools/memories/views.ts';
import type { Style } from './terminal.ts';

/** What is shown is no longer than this anyway, or was asked for whole. */
const LINE_CHARS = Number.POSITIVE_INFINITY;

/** Hits as a person reads them: score, id and date on one line, the snippet beneath. */
export function renderRecall(structured: Record<string, unknown>, style: Style): string {
  const { memories, mode, problem } = structured as { memories: HitView[]; mode: string; problem?: string };
  const note =
    mode === 'lexical'
      ? [style('yellow', `Found by words only: ${problem ?? 'no embedding model'}`), '']
      : [];
  if (memories.length === 0) return [...note, 'Nothing near. Try other words.'].join('\n');
  const hits = memories.map(hit => {
    const head = `${style('green', hit.score.toFixed(2))}  ${style('cyan', hit.id)}  ${style(
      'dim',
      [hit.memory_type, hit.date, hit.namespace, hit.review].filter(Boolean).join('  '),
    )}`;
    const parts = hit.parts
      ? [
          style(
            'dim',
            `      ${Object.entries(hit.parts)
              .map(([part, value]) => `${part} ${value.toFixed(3)}`)
              .join(', ')}`,
          ),
        ]
      : [];
    return [head, indent(oneLine(hit.content, LINE_CHARS)), ...parts].join('\n');
  });
  return [...note, hits.join('\n')].join('\n');
}

type Listed = Pick<MemoryView, 'id' | 'content' | 'memory_type' | 'priority' | 'created_at' | 'tags'> & {};

export function renderList(structured: Record<string, unknown>, style: Style): string {
  const { memories, total } = structured as { memories: Listed[]; total: number };
  if (memories.length === 0) return 'No memories match.';
  const rows = memories.map(memory =>
    [
      `${style('cyan', memory.id)}  ${style(
        'dim',
        [
          memory.created_at.slice(0, 10),
          memory.memory_type,
          memory.priority,
          memory.tags.map(tag => `#${tag}`).join(' '),
        ]
          .filter(Boolean)
          .join('  '),
      )}`,
      indent(oneLine(memory.content, LINE_CHARS)),
    ].join('\n'),
  );
  return [...rows, style('dim', `${memories.length} of ${total}`)].join('\n');
}

interface Change {
  readonly operation_id: string;
  readonly kind: string;
  readonly memory_id: string;
  readonly version: number;
  readonly by: string;
  readonly at: string;
  readonly fields: readonly string[];
}

/** Changes, newest first: the id that `undo` takes, when and what; beneath it the memory, and by whom. */
export function renderHistory(structured: Record<string, unknown>, style: Style): string {
  const { operations } = structured as { operations: readonly Change[] };
  if (operations.length === 0) return 'No changes.';
  return operations
    .map(({ operation_id, kind, memory_id, version, by, at, fields }) => {
      const when = `${at.slice(0, 10)} ${at.slice(11, 19)}Z`;
      const what = fields.length > 0 ? `${kind} ${fields.join(', ')}` : kind;
      return [
        `${style('cyan', operation_id)}  ${style('dim', when)}  ${what}`,
        indent(style('dim', `${memory_id}  version ${version}  by ${by}`)),
      ].join('\n');
    })
    .join('\n');
}

export function renderMemory(structured: Record<string, unknown>, style: Style): string {
  const memory = structured as MemoryView;
  const facts: [string, string | null][] = [
    [
      'type',
      `${memory.memory_type}, ${memory.priority}, ${memory.visibility}${memory.pinned ? ', pinned' : ''}${memory.sensitive ? ', sensitive' : ''}`,
    ],
    ['namespace', memory.namespace],
    [
      'created',
      `${memory.created_at} by ${memory.agent_id ?? memory.owner}, version ${memory.version} of ${memory.updated_at}`,
    ],
    ['expires', memory.expires_at],
    ['tags', memory.tags.join(', ')],
    ['source', memory.source === 'agent' ? null : (memory.source_uri ?? memory.source)],
    ['metadata', Object.keys(memory.metadata).length > 0 ? JSON.stringify(memory.metadata) : null],
  ];
  return [
    style('cyan', memory.id),
    ...facts
      .filter(([, value]) => value)
      .map(([name, value]) => `${style('dim', name.padEnd(10))}${String(value)}`),
    '',
    memory.content,
  ].join('\n');
}

function indent(text: string): string {
  return `      ${text}`;
}
