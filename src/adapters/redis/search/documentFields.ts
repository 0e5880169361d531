import type { Visibility } from '../../../engine/model/memory.ts';
import type { Viewer } from '../../../engine/ports/memoryStore.ts';
import type { SearchDocument } from '../../../engine/ports/serverSearch.ts';
import { termHash } from '../../../engine/search/analyze.ts';
import type { TagField } from './queryText.ts';

/** A time that never comes, as a number that Redis and we read the same. */
export const NEVER = Number.MAX_SAFE_INTEGER;
/** BM25 is saturated long before. */
const MOST_REPEATS = 20;

/**
 * A label as a tag: 53 bits of hash as letters and digits. So whatever a label holds, it is no separator, no syntax, and has no other case or accent to
 * be folded to; that two labels collide is as good as never, and the replica looks at every memory that is found.
 */
export function tagOf(field: TagField, label: string): string {
  return word(termHash(`${field}\n${label}`));
}

/** A term as a word of the TEXT field. */
export function word(hash: number): string {
  return `t${hash.toString(36)}`;
}

/** The tags of which a document must have one, to be seen by this viewer. */
export function tagsSeenBy({ principal, client }: Viewer): readonly string[] {
  const names = [...new Set([principal, client])];
  return ['public', `owner ${principal}`, ...names.map(name => `shared ${name}`)].map(label =>
    tagOf('seen', label),
  );
}

/** What every unreviewed document has, and what those of one principal have besides. */
export const UNREVIEWED = tagOf('unreviewed', 'yes');
export function unreviewedBy(principal: string): string {
  return tagOf('unreviewed', `by ${principal}`);
}

/** Fields and values of the hash that the index reads, one after the other. */
export function fieldsOf(document: SearchDocument): readonly (string | number | Buffer)[] {
  const { agent, createdAt, expiresAt, session, terms, validFrom, validUntil, vector } = document;
  const words = [...terms].flatMap(([hash, count]) => Array(Math.min(count, MOST_REPEATS)).fill(word(hash)));
  return [
    ...['words', words.join(' ')],
    ...['seen', seenBy(document).join(',')],
    ...['namespace', tagOf('namespace', document.namespace)],
    ...['type', tagOf('type', document.type)],
    ...['priority', tagOf('priority', document.priority)],
    ...(document.unreviewedBy === null
      ? []
      : ['unreviewed', `${UNREVIEWED},${unreviewedBy(document.unreviewedBy)}`]),
    ...(agent === null ? [] : ['agent', tagOf('agent', agent)]),
    ...(session === null ? [] : ['session', tagOf('session', session)]),
    ...['tags', document.tags.map(tag => tagOf('tags', tag)).join(',')],
    ...['created', createdAt, 'expires', expiresAt ?? NEVER],
    ...['from', validFrom ?? 0, 'until', validUntil ?? NEVER],
    ...(vector ? ['vector', packed(vector)] : []),
  ];
}

/** Float32, little-endian. */
export function packed(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}

function seenBy({ owner, sharedWith, visibility }: SearchDocument): readonly string[] {
  const labels: Record<Visibility, readonly string[]> = {
    public: ['public'],
    private: [`owner ${owner}`],
    shared: [`owner ${owner}`, ...sharedWith.map(name => `shared ${name}`)],
  };
  return labels[visibility].map(label => tagOf('seen', label));
}
