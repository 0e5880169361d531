import { MEMORY_TYPES, PRIORITIES, VISIBILITIES } from '../model/memory.ts';
import type { IndexRecord } from '../ports/indexSource.ts';
import { termHash } from './analyze.ts';
import { grown } from './growable.ts';
import { Interner } from './interner.ts';

export const NONE = -1;

/**
 * What a search must know of each memory before it reads any: a row of numbers each. Rows are given in order of arrival and never
 * reused; a changed text gets a new row. Times are milliseconds since the epoch; 0 stands for none.
 */
export class Catalog {
  /** Rows given so far, dead ones included. */
  rows = 0;
  live = 0;
  /** A sensitive memory left its traces here, even if it is gone: what is saved must be encrypted. */
  sensitive = false;
  /** Raised whenever a row that was there is changed or killed. */
  changes = 0;
  num = new Uint32Array(0);
  namespace = new Uint32Array(0);
  owner = new Uint32Array(0);
  agent = new Uint32Array(0);
  session = new Uint32Array(0);
  type = new Uint8Array(0);
  priority = new Uint8Array(0);
  visibility = new Uint8Array(0);
  /** 1: live. */
  alive = new Uint8Array(0);
  pinned = new Uint8Array(0);
  /** Who wrote what nobody has reviewed; 0: it was reviewed. */
  unreviewedBy = new Uint32Array(0);
  created = new Float64Array(0);
  expires = new Float64Array(0);
  validFrom = new Float64Array(0);
  validUntil = new Float64Array(0);
  accesses = new Uint16Array(0);
  /** Words of the text, at most 65,535. */
  words = new Uint16Array(0);
  /** 1: the text ends in a question mark. */
  question = new Uint8Array(0);
  /** Neighbours in the session by time; NONE at its ends and outside sessions. */
  previous = new Int32Array(0);
  next = new Int32Array(0);
  /** Tells whether the text changed. */
  fingerprint = new Float64Array(0);
  /** Row of a memory's number, plus one; 0 for none. */
  rowOfNum = new Uint32Array(0);
  tagStart = new Uint32Array(0);
  tagCount = new Uint16Array(0);
  tagList = new Uint32Array(0);
  tagListLength = 0;
  ids: string[] = [];
  names = new Interner();
  tags = new Interner();
  /** Principals and clients a shared memory is shared with, by row. */
  sharedWith = new Map<number, readonly string[]>();
  readonly #lastOfSession = new Map<number, number>();

  rowOf(num: number): number {
    return (this.rowOfNum[num] ?? 0) - 1;
  }

  /** Gives the record a row of its own, linked into its session. */
  append(record: IndexRecord, words: number): number {
    const row = this.rows++;
    this.#grow(this.rows, record.num + 1);
    this.num[row] = record.num;
    this.rowOfNum[record.num] = row + 1;
    this.alive[row] = 1;
    this.live += 1;
    this.words[row] = Math.min(words, 65_535);
    this.question[row] = /[?？]\s*$/.test(record.content.slice(-20)) ? 1 : 0;
    this.fingerprint[row] = termHash(record.content);
    this.ids[row] = record.id;
    this.#write(row, record);
    this.#link(row);
    return row;
  }

  /** Changes what can change without the text. */
  set(row: number, record: IndexRecord): void {
    this.changes += 1;
    this.#write(row, record);
  }

  #write(row: number, record: IndexRecord): void {
    this.namespace[row] = this.names.of(record.namespace);
    this.owner[row] = this.names.of(record.owner);
    this.agent[row] = this.names.of(record.agent);
    this.session[row] = record.session === null ? 0 : this.names.of(sessionKey(record));
    this.type[row] = MEMORY_TYPES.indexOf(record.type);
    this.priority[row] = PRIORITIES.indexOf(record.priority);
    this.visibility[row] = VISIBILITIES.indexOf(record.visibility);
    this.pinned[row] = record.pinned ? 1 : 0;
    this.unreviewedBy[row] = this.names.of(record.unreviewedBy);
    this.sensitive ||= record.sensitive;
    this.created[row] = record.createdAt;
    this.expires[row] = record.pinned ? 0 : (record.expiresAt ?? 0);
    this.validFrom[row] = record.validFrom ?? 0;
    this.validUntil[row] = record.validUntil ?? 0;
    this.accesses[row] = Math.min(record.accessCount, 65_535);
    if (record.sharedWith.length > 0) this.sharedWith.set(row, record.sharedWith);
    else this.sharedWith.delete(row);
    this.#setTags(row, record.tags);
  }

  /** The text and its place are the same, so that the row can stay. */
  isSameText(row: number, record: IndexRecord): boolean {
    const session = record.session === null ? 0 : this.names.find(sessionKey(record));
    return (
      this.fingerprint[row] === termHash(record.content) &&
      this.session[row] === session &&
      this.created[row] === record.createdAt
    );
  }

  /** Takes the row out of every search. */
  kill(row: number): void {
    this.changes += 1;
    this.alive[row] = 0;
    this.live -= 1;
    this.ids[row] = '';
    this.rowOfNum[this.num[row]!] = 0;
    this.sharedWith.delete(row);
    this.#unlink(row);
  }

  hasTag(row: number, tag: number): boolean {
    return this.someTag(row, one => one === tag);
  }

  someTag(row: number, wanted: (tag: number) => boolean): boolean {
    const start = this.tagStart[row]!;
    for (let i = start; i < start + this.tagCount[row]!; i++) if (wanted(this.tagList[i]!)) return true;
    return false;
  }

  #setTags(row: number, tags: readonly string[]): void {
    this.tagStart[row] = this.tagListLength;
    this.tagCount[row] = tags.length;
    this.tagList = grown(this.tagList, this.tagListLength + tags.length);
    for (const tag of tags) this.tagList[this.tagListLength++] = this.tags.of(tag);
  }

  /** Sessions mostly grow at their end; a late-comer is walked back to its place. */
  #link(row: number): void {
    this.previous[row] = NONE;
    this.next[row] = NONE;
    const session = this.session[row]!;
    if (session === 0) return;
    let before = this.#lastOfSession.get(session) ?? NONE;
    while (before !== NONE && this.created[before]! > this.created[row]!) before = this.previous[before]!;
    const last = this.#lastOfSession.get(session) ?? NONE;
    const after = before === NONE ? this.#first(last) : this.next[before]!;
    this.previous[row] = before;
    this.next[row] = after;
    if (before !== NONE) this.next[before] = row;
    if (after !== NONE) this.previous[after] = row;
    else this.#lastOfSession.set(session, row);
  }

  #first(last: number): number {
    let row = last;
    while (row !== NONE && this.previous[row] !== NONE) row = this.previous[row]!;
    return row;
  }

  #unlink(row: number): void {
    const before = this.previous[row]!;
    const after = this.next[row]!;
    if (before !== NONE) this.next[before] = after;
    if (after !== NONE) this.previous[after] = before;
    const session = this.session[row]!;
    if (this.#lastOfSession.get(session) !== row) return;
    if (before === NONE) this.#lastOfSession.delete(session);
    else this.#lastOfSession.set(session, before);
  }

  /** After a snapshot was read: what can be derived is not stored. */
  relink(): void {
    this.#lastOfSession.clear();
    for (let row = 0; row < this.rows; row++) {
      if (this.alive[row] && this.session[row] !== 0 && this.next[row] === NONE) {
        this.#lastOfSession.set(this.session[row]!, row);
      }
    }
  }

  #grow(rows: number, nums: number): void {
    this.rowOfNum = grown(this.rowOfNum, nums);
    if (this.num.length >= rows) return;
    for (const name of COLUMNS) (this[name] as Uint8Array) = grown(this[name] as Uint8Array, rows);
  }
}

/** Sessions of two namespaces are two, even of one name; a namespace holds no line break. */
function sessionKey({ namespace, session }: IndexRecord): string {
  return `${namespace}\n${session}`;
}

/** The columns that have one entry a row. */
export const COLUMNS = [
  'num',
  'namespace',
  'owner',
  'agent',
  'session',
  'type',
  'priority',
  'visibility',
  'alive',
  'pinned',
  'unreviewedBy',
  'created',
  'expires',
  'validFrom',
  'validUntil',
  'accesses',
  'words',
  'question',
  'previous',
  'next',
  'fingerprint',
  'tagStart',
  'tagCount',
] as const satisfies readonly (keyof Catalog)[];
