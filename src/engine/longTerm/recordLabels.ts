import type { RecordType } from './longTermRecord.ts';

/** Tags by which records are found; what agents tag memories with does not begin so. */
const BEGINNINGS = { topic: 'topic:', entity: 'entity:', user: 'user:', kind: 'kind:' } as const;
const EVENT = 'event:';
export type LabelKind = keyof typeof BEGINNINGS;

/** Longer values are cut, and told apart by a hash. */
const MOST_CHARS = 70;
const HASH_CHARS = 16;

type Hash = (text: string) => string;

export interface Labelled {
  readonly user: string | null;
  readonly topics: readonly string[] | null;
  readonly entities: readonly string[] | null;
  readonly type: RecordType;
  readonly eventDate: number | null;
}

/** Topics and entities are compared without regard to case, as a tag of RediSearch is; who somebody is with it. */
export function folded(kind: LabelKind, value: string): string {
  const text = value.trim();
  return kind === 'user' ? text : text.toLowerCase();
}

export function labelOf(kind: LabelKind, value: string, sha256: Hash): string {
  const text = folded(kind, value);
  const fitting = text.length <= MOST_CHARS ? text : `${cut(text)}~${sha256(text).slice(0, HASH_CHARS)}`;
  return BEGINNINGS[kind] + fitting;
}

/** What the label of every value that begins so begins with. */
export function beginningOf(kind: LabelKind, start: string): string {
  return BEGINNINGS[kind] + cut(folded(kind, start));
}

export function labelsOf(
  { entities, eventDate, topics, type, user }: Labelled,
  sha256: Hash,
): readonly string[] {
  const some = (kind: LabelKind, values: readonly string[]) =>
    values.filter(value => value.trim() !== '').map(value => labelOf(kind, value, sha256));
  return [
    ...some('topic', topics ?? []),
    ...some('entity', entities ?? []),
    ...some('user', user === null ? [] : [user]),
    ...some('kind', [type]),
    ...(eventDate === null ? [] : [eventLabel(eventDate)]),
  ];
}

/** Labels of events from the one to the other, ms since the epoch; undefined: no bound. */
export function eventsBetween(
  from: number | undefined,
  to: number | undefined,
): readonly [from: string, to: string] {
  return [from === undefined ? EVENT : eventLabel(from), to === undefined ? `${EVENT}~` : eventLabel(to)];
}

export function isLabel(tag: string): boolean {
  return [EVENT, ...Object.values(BEGINNINGS)].some(beginning => tag.startsWith(beginning));
}

/** Without half of a character at its end. */
function cut(text: string): string {
  return text.slice(0, MOST_CHARS).replace(/[\ud800-\udbff]$/, '');
}

/** To the second, so that it sorts as it happened. */
function eventLabel(ms: number): string {
  return `${EVENT}${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}`;
}
