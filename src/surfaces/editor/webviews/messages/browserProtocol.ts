import type { Protocol } from './protocol.ts';
import {
  boolean,
  bytes,
  dictionary,
  floats,
  list,
  nothing,
  nullable,
  number,
  object,
  oneOf,
  type Shaped,
  text,
} from './shape.ts';

const count = number({ integer: true, min: 0 });
/** As far as the store goes. */
const offset = number({ integer: true, min: 0, max: 10_000_000 });
const id = text({ max: 200 });
const name = text({ max: 200 });

/** What is shown of all memories; conditions are joined by AND, an absent one does not filter. */
const filters = object(
  {},
  {
    types: list(name, 20),
    agent: name,
    /** All of them. */
    tags: list(name, 64),
    priorities: list(name, 10),
    /** `*`: all; absent: this repository's and what holds everywhere. */
    namespace: name,
    session: name,
    /** Created at or after / before, ms since the epoch. */
    since: number(),
    until: number(),
    pinned: boolean(),
    review: oneOf(['unreviewed', 'accepted', 'rejected']),
    /** Only those whose code has changed since. */
    stale: boolean(),
    /** Chosen in the map. */
    ids: list(id, 100_000),
  },
);
export type Filters = Shaped<typeof filters>;

/** Those that a chip changes. */
export const FILTER_NAMES = [
  'type',
  'agent',
  'tag',
  'priority',
  'namespace',
  'session',
  'time',
  'review',
  'state',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

export const question = object({
  /** Empty: all that match, in this order; else the best first. */
  query: text({ max: 4000 }),
  filters,
  order: oneOf(['created', 'updated', 'accessed']),
});
export type Question = Shaped<typeof question>;

const row = object(
  {
    id,
    title: text(),
    preview: text(),
    type: text(),
    priority: text(),
    agent: nullable(text()),
    tags: list(text()),
    /** ms since the epoch, by which it is sorted. */
    at: number(),
    created: number(),
    pinned: boolean(),
    sensitive: boolean(),
    review: text(),
  },
  {
    /** Only where it is another than this window's. */
    namespace: text(),
    /** 0..1, with what each feature added. */
    score: number(),
    parts: dictionary(number()),
    /** What of its code changed since, in words. */
    stale: list(text()),
  },
);
export type Row = Shaped<typeof row>;

const page = object(
  {
    rows: list(row, 1000),
    /** Of all that match, where the whole is known. */
    total: count,
    /** There are more than `total`, which is how far was searched. */
    more: boolean(),
    mode: oneOf(['list', 'hybrid', 'lexical']),
  },
  { problem: text() },
);
export type RowPage = Shaped<typeof page>;

/** A map holds so many memories at most. */
const MOST_MAPPED = 50_000;

/** What stands at an index belongs to one memory. */
const map = object(
  {
    ids: list(id, MOST_MAPPED),
    /** x and y of each, some tens of units wide. */
    places: floats(2 * MOST_MAPPED),
    /** Of each the index of its name, 255 for those whose names are left out. Names are the most frequent first. */
    types: bytes(MOST_MAPPED),
    typeNames: list(text(), 255),
    agents: bytes(MOST_MAPPED),
    agentNames: list(text(), 255),
    /** How many have no embedding, and so no place. */
    without: count,
    /** Older memories are left out. */
    cut: boolean(),
    /** They will not be moved any more. */
    refined: boolean(),
  },
  {
    /** 1 for those that match the question; absent: all do. */
    matches: bytes(MOST_MAPPED),
    /** Why there are no embeddings, and what to do. */
    problem: text(),
  },
);
export type MapAnswer = Shaped<typeof map>;

const anchor = object({ path: text() }, { startLine: number(), endLine: number() });

const whole = object(
  {
    ...{ id, content: text(), type: text(), priority: text(), visibility: text(), namespace: text() },
    ...{ agent: nullable(text()), owner: text(), session: nullable(text()), source: text() },
    sharedWith: list(text()),
    tags: list(text()),
    ...{ pinned: boolean(), sensitive: boolean(), version: count, review: text(), accessCount: count },
    ...{ created: number(), updated: number(), expires: nullable(number()) },
    ...{ supersedes: nullable(text()), anchors: list(anchor), stale: list(text()) },
  },
  { metadata: text() },
);
export type WholeMemory = Shaped<typeof whole>;

const change = object({
  operation: text(),
  kind: text(),
  version: count,
  by: text(),
  at: number(),
  fields: list(text()),
  undoes: nullable(text()),
});
export type Change = Shaped<typeof change>;

const version = object({ version: count, content: text() });

const edit = object(
  { id, version: count },
  { content: text(), tags: list(name, 64), type: name, priority: name },
);

/** Ids of operations, in the order in which they were done. */
const done = object({ operations: list(text()) });

/** Between the memory browser and the extension host. */
export const browserProtocol = {
  requests: {
    page: {
      input: object({ question, offset, limit: number({ integer: true, min: 1, max: 200 }) }),
      answer: page,
    },
    /** How many were created on each day (UTC, `2026-03-01`), newest first, without empty days; and before all of these. */
    days: {
      input: object({ question }),
      answer: object({ days: list(object({ day: text(), count })), older: count }),
    },
    /** Lets a person choose. null: all stays as it is */
    chooseFilter: {
      input: object({ filter: oneOf(FILTER_NAMES), filters }),
      answer: nullable(filters),
    },
    /** @see `MapRequest` */
    map: { input: object({ question, refined: boolean() }), answer: map },
    memory: { input: object({ id }), answer: whole },
    history: { input: object({ id }), answer: object({ changes: list(change), versions: list(version) }) },
    similar: { input: object({ id }), answer: list(row) },
    /** Refused with `conflict` when it is at another version by now. */
    edit: { input: edit, answer: object({ masked: list(text()) }) },
    pin: { input: object({ id, pinned: boolean() }), answer: nothing() },
    /** Asks with whom. false: nothing was changed */
    share: { input: object({ id }), answer: boolean() },
    remove: { input: object({ id }), answer: done },
    /** One stays, with the tags of both, and takes the other's place. */
    merge: { input: object({ keep: id, drop: id }), answer: done },
    undo: { input: done, answer: nothing() },
    /** In the editor: as a document, at its code, into the clipboard, or at the cursor. */
    open: { input: object({ id, as: oneOf(['document', 'code', 'copy', 'insert']) }), answer: nothing() },
  },
  events: {
    /** The store changed: what is shown may be old. */
    changed: nothing(),
    /** Show what this asks for. */
    ask: question,
    /** Whether memories may be changed: the workspace is trusted. */
    writable: boolean(),
  },
} satisfies Protocol;
export type BrowserProtocol = typeof browserProtocol;
