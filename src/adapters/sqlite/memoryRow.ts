import type { Anchor, Memory, Metadata } from '../../engine/model/memory.ts';
import type { Bindable } from './bind.ts';
import type { Row } from './driver.ts';
import type { Vault } from './vault.ts';

/** Columns of `memories` that hold a memory's fields, in the order in which `memoryValues` gives them. */
export const MEMORY_COLUMNS = [
  'id',
  'namespace',
  'agent',
  'owner',
  'type',
  'priority',
  'visibility',
  'shared_with',
  'content_hash',
  'content_bytes',
  'tags',
  'session',
  'pinned',
  'sensitive',
  'created_at',
  'updated_at',
  'accessed_at',
  'access_count',
  'expires_at',
  'version',
  'external_id',
  'source',
  'source_uri',
  'trust',
  'review',
  'unreviewed_by',
  'supersedes',
  'valid_from',
  'valid_until',
  'anchors',
  'metadata',
  'content',
] as const;

/** A sensitive memory's metadata are encrypted with its content, under a hash that tells nothing of it. */
export function memoryValues(memory: Memory, vault: Vault): Bindable[] {
  const { content, contentHash, metadata, sensitive } = memory;
  const sealed = sensitive ? vault.seal({ content, contentHash, metadata }, memory.id) : undefined;
  return [
    memory.id,
    memory.namespace,
    memory.agent,
    memory.owner,
    memory.type,
    memory.priority,
    memory.visibility,
    JSON.stringify(memory.sharedWith),
    sensitive ? vault.hash(content)! : contentHash,
    Buffer.byteLength(content),
    JSON.stringify(memory.tags),
    memory.session,
    memory.pinned,
    sensitive,
    memory.createdAt,
    memory.updatedAt,
    memory.accessedAt,
    memory.accessCount,
    memory.expiresAt,
    memory.version,
    memory.externalId,
    memory.provenance.source,
    memory.provenance.uri ?? null,
    memory.trust,
    memory.review,
    memory.unreviewedBy,
    memory.supersedes,
    memory.validFrom,
    memory.validUntil,
    JSON.stringify(memory.anchors),
    sealed === undefined ? JSON.stringify(metadata) : '{}',
    sealed ?? content,
  ];
}

/** What a memory says. */
type Text = Pick<Memory, 'content' | 'contentHash' | 'metadata'>;
/** All else, which is never encrypted. */
export type Labels = Omit<Memory, keyof Text>;

export function toMemory(row: Row, vault: Vault): Memory {
  return { ...toLabels(row), ...textOf(row, vault) };
}

export function toLabels(row: Row): Labels {
  const uri = row['source_uri'] as string | null;
  return {
    id: row['id'] as string,
    namespace: row['namespace'] as string,
    agent: row['agent'] as string | null,
    owner: row['owner'] as string,
    type: row['type'] as Memory['type'],
    priority: row['priority'] as Memory['priority'],
    visibility: row['visibility'] as Memory['visibility'],
    sharedWith: parseList<string>(row['shared_with']),
    tags: parseList<string>(row['tags']),
    session: row['session'] as string | null,
    pinned: row['pinned'] === 1,
    sensitive: row['sensitive'] === 1,
    createdAt: row['created_at'] as number,
    updatedAt: row['updated_at'] as number,
    accessedAt: row['accessed_at'] as number,
    accessCount: row['access_count'] as number,
    expiresAt: row['expires_at'] as number | null,
    version: row['version'] as number,
    externalId: row['external_id'] as string | null,
    provenance: { source: row['source'] as string, ...(uri !== null && { uri }) },
    trust: row['trust'] as number,
    review: row['review'] as Memory['review'],
    unreviewedBy: row['unreviewed_by'] as string | null,
    supersedes: row['supersedes'] as string | null,
    validFrom: row['valid_from'] as number | null,
    validUntil: row['valid_until'] as number | null,
    anchors: parseList<Anchor>(row['anchors']),
  };
}

function textOf(row: Row, vault: Vault): Text {
  if (row['sensitive'] === 1) return vault.open<Text>(row['content'] as string, row['id'] as string);
  return {
    content: row['content'] as string,
    contentHash: row['content_hash'] as string,
    metadata: row['metadata'] === '{}' ? {} : (JSON.parse(row['metadata'] as string) as Metadata),
  };
}

/** The content alone, of a row with `id` and `sensitive`. */
export function contentOf(row: Row, vault: Vault): string {
  if (row['sensitive'] !== 1) return row['content'] as string;
  return vault.open<Text>(row['content'] as string, row['id'] as string).content;
}

/** Most lists are empty, and parsing costs more than comparing. */
export function parseList<T>(json: unknown): readonly T[] {
  return json === '[]' ? [] : (JSON.parse(json as string) as T[]);
}
