import type { LabelCondition } from '../model/labelCondition.ts';
import { type LongTermRecord, RECORD_TYPES } from './longTermRecord.ts';
import { beginningOf, eventsBetween, folded, type LabelKind, labelOf } from './recordLabels.ts';

/** All that is given holds. Of a list of values, each one counts. */
export interface TextCondition {
  readonly eq?: string | undefined;
  readonly ne?: string | undefined;
  readonly any?: readonly string[] | undefined;
  readonly all?: readonly string[] | undefined;
  readonly none?: readonly string[] | undefined;
  readonly startsWith?: string | undefined;
}

/** Milliseconds since the epoch; all that is given holds. */
export interface TimeCondition {
  readonly gt?: number | undefined;
  readonly gte?: number | undefined;
  readonly lt?: number | undefined;
  readonly lte?: number | undefined;
  readonly eq?: number | undefined;
  readonly ne?: number | undefined;
}

/** What records must be; joined by AND. The namespace is resolved apart, since it decides what may be seen at all. */
export interface RecordFilter {
  readonly session?: TextCondition | undefined;
  readonly user?: TextCondition | undefined;
  readonly topics?: TextCondition | undefined;
  readonly entities?: TextCondition | undefined;
  readonly type?: TextCondition | undefined;
  readonly createdAt?: TimeCondition | undefined;
  readonly lastAccessed?: TimeCondition | undefined;
  readonly eventDate?: TimeCondition | undefined;
}

/** As much of a filter as stores and indexes know; every record that matches the filter matches this. */
export interface Narrowed {
  readonly labels: readonly LabelCondition[];
  readonly since?: number;
  readonly until?: number;
  /** What is left is to be looked for in the records themselves. */
  readonly rest: boolean;
}

export function narrow(filter: RecordFilter, sha256: (text: string) => string): Narrowed {
  const { createdAt, entities, eventDate, lastAccessed, session, topics, type, user } = filter;
  const { from, to } = boundsOf(createdAt);
  return {
    labels: [
      ...tagConditions('topic', topics, sha256),
      ...tagConditions('entity', entities, sha256),
      ...tagConditions('user', user, sha256),
      ...kindConditions(type, sha256),
      ...sessionConditions(session),
      ...eventConditions(eventDate),
    ],
    // A store keeps whole milliseconds.
    ...(from !== undefined && { since: Math.floor(from) }),
    ...(to !== undefined && { until: Math.floor(to) + 1 }),
    // Tags that another agent has given count as topics too, however they begin.
    rest: [createdAt?.ne, lastAccessed, topics?.startsWith].some(one => one !== undefined),
  };
}

/** Whether a record is as the filter wants, exactly. */
export function matches(record: LongTermRecord, filter: RecordFilter): boolean {
  const { createdAt, entities, eventDate, lastAccessed, session, topics, type, user } = filter;
  const isIn = (condition: TimeCondition | undefined, time: number | null) =>
    condition === undefined || (time !== null && fitsTime(time, condition));
  const has = (condition: TextCondition | undefined, kind: LabelKind, values: readonly (string | null)[]) =>
    condition === undefined ||
    fitsText(
      values.flatMap(value => (value === null ? [] : [folded(kind, value)])),
      value => folded(kind, value),
      condition,
    );
  return (
    has(user, 'user', [record.user]) &&
    has(topics, 'topic', record.topics ?? []) &&
    has(entities, 'entity', record.entities ?? []) &&
    has(type, 'kind', [record.type]) &&
    (session === undefined ||
      fitsText(record.session === null ? [] : [record.session], value => value, session)) &&
    isIn(createdAt, record.createdAt) &&
    isIn(lastAccessed, record.lastAccessed) &&
    isIn(eventDate, record.eventDate)
  );
}

export function fitsText(
  values: readonly string[],
  fold: (text: string) => string,
  { all, any, eq, ne, none, startsWith }: TextCondition,
): boolean {
  const has = (wanted: string) => values.includes(fold(wanted));
  return (
    (eq === undefined || has(eq)) &&
    (ne === undefined || !has(ne)) &&
    (any === undefined || any.some(has)) &&
    (all === undefined || all.every(has)) &&
    (none === undefined || !none.some(has)) &&
    (startsWith === undefined || values.some(value => value.startsWith(fold(startsWith))))
  );
}

function fitsTime(time: number, { eq, gt, gte, lt, lte, ne }: TimeCondition): boolean {
  return (
    (eq === undefined || time === eq) &&
    (ne === undefined || time !== ne) &&
    (gt === undefined || time > gt) &&
    (gte === undefined || time >= gte) &&
    (lt === undefined || time < lt) &&
    (lte === undefined || time <= lte)
  );
}

/** What other agents stored has plain tags: they count as topics, as they are spelled. Others have neither user nor entities. */
function tagConditions(
  kind: LabelKind,
  condition: TextCondition | undefined,
  sha256: (text: string) => string,
): readonly LabelCondition[] {
  if (!condition) return [];
  const { startsWith } = condition;
  const spelled = (value: string) => [
    labelOf(kind, value, sha256),
    ...(kind === 'topic' ? [value.trim()] : []),
  ];
  const conditions = wantedOf(condition).map(any => ({ of: 'tag' as const, any: any.flatMap(spelled) }));
  const none = refusedBy(condition);
  return [
    ...conditions,
    ...(none.length > 0
      ? [{ of: 'tag' as const, none: none.map(value => labelOf(kind, value, sha256)) }]
      : []),
    ...(startsWith !== undefined && kind !== 'topic'
      ? [{ of: 'tag' as const, startsWith: beginningOf(kind, startsWith) }]
      : []),
  ];
}

/** Without those that are not wanted: what other agents stored has no such label. */
function kindConditions(
  condition: TextCondition | undefined,
  sha256: (text: string) => string,
): readonly LabelCondition[] {
  if (!condition) return [];
  const unwanted = RECORD_TYPES.filter(type => !fitsText([type], text => folded('kind', text), condition));
  return unwanted.length === 0
    ? []
    : [{ of: 'tag', none: unwanted.map(type => labelOf('kind', type, sha256)) }];
}

function sessionConditions(condition: TextCondition | undefined): readonly LabelCondition[] {
  if (!condition) return [];
  const { startsWith } = condition;
  const none = refusedBy(condition);
  return [
    ...wantedOf(condition).map(any => ({ of: 'session' as const, any })),
    ...(none.length > 0 ? [{ of: 'session' as const, none }] : []),
    ...(startsWith === undefined ? [] : [{ of: 'session' as const, startsWith }]),
  ];
}

/** Only what has the date of an event is of one. */
function eventConditions(condition: TimeCondition | undefined): readonly LabelCondition[] {
  if (!condition) return [];
  const { from, to } = boundsOf(condition);
  return [{ of: 'tag', between: eventsBetween(from, to) }];
}

/** Both included; undefined: none. */
function boundsOf({ eq, gt, gte, lt, lte }: TimeCondition = {}): { from?: number; to?: number } {
  const least = Math.max(...[eq, gt, gte].filter(one => one !== undefined));
  const most = Math.min(...[eq, lt, lte].filter(one => one !== undefined));
  return {
    ...(Number.isFinite(least) && { from: least }),
    ...(Number.isFinite(most) && { to: most }),
  };
}

/** Of each list one value at least. */
function wantedOf({ all, any, eq }: TextCondition): readonly (readonly string[])[] {
  return [
    ...(eq === undefined ? [] : [[eq]]),
    ...(any === undefined ? [] : [any]),
    ...(all ?? []).map(one => [one]),
  ];
}

function refusedBy({ ne, none }: TextCondition): readonly string[] {
  return [...(ne === undefined ? [] : [ne]), ...(none ?? [])];
}
