export const MEMORY_TYPES = [
  'conversation',
  'code',
  'document',
  'task',
  'context',
  'embedding',
  'search_result',
  'system_state',
] as const;
export type MemoryType = (typeof MEMORY_TYPES)[number];

/** Strongest first. It decides retention (`retention.ts`) and weighs in ranking. */
export const PRIORITIES = ['critical', 'high', 'medium', 'low', 'archive'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** `public`: everyone in the namespace. `private`: the owning principal. `shared`: the owner and `sharedWith`. */
export const VISIBILITIES = ['public', 'private', 'shared'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** `unreviewed` until a person looked at it. */
export const REVIEW_STATES = ['unreviewed', 'accepted', 'rejected'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type Metadata = { readonly [key: string]: JsonValue };

/** The place in code a memory speaks of. Lines count from 1, the end is included. */
export interface Anchor {
  readonly repository?: string;
  /** Relative to the repository's root, with forward slashes. */
  readonly path: string;
  readonly commit?: string;
  readonly startLine?: number;
  readonly endLine?: number;
  /** SHA-256 (hex) of the lines when they were remembered, as `anchoredText` has them: by it they are found again. */
  readonly textHash?: string;
}

/** Where a memory came from: `agent`, `user`, or an importer's name, and the source's own address. */
export interface Provenance {
  readonly source: string;
  readonly uri?: string;
}

/** What is known, whole. Times are milliseconds since the epoch. */
export interface Memory {
  /** UUIDv7, or the caller's own of up to 200 characters; unique in the store. */
  readonly id: string;
  readonly namespace: string;
  /** Label of the agent that stored it; filters, never grants. */
  readonly agent: string | null;
  /** Id of the owning principal. */
  readonly owner: string;
  readonly type: MemoryType;
  readonly priority: Priority;
  readonly visibility: Visibility;
  /** Principal ids, or client names, that a `shared` memory is shared with. */
  readonly sharedWith: readonly string[];
  readonly content: string;
  /** Sorted, without duplicates. */
  readonly tags: readonly string[];
  readonly metadata: Metadata;
  readonly session: string | null;
  readonly pinned: boolean;
  /** Content and metadata, and all that is derived of them, are encrypted at rest. Labels such as tags are not. */
  readonly sensitive: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly accessedAt: number;
  readonly accessCount: number;
  /** null: never. */
  readonly expiresAt: number | null;
  /** Starts at 1, rises with every change; an update may demand it. */
  readonly version: number;
  /** Id in the system it was imported from; unique in its namespace. */
  readonly externalId: string | null;
  readonly provenance: Provenance;
  /** 0 (rumour) to 1 (stated by a person). */
  readonly trust: number;
  readonly review: ReviewState;
  /** Id of the principal that wrote what no person has looked at; null once one has, or where nobody knows. */
  readonly unreviewedBy: string | null;
  /** Id of the memory this one replaces. */
  readonly supersedes: string | null;
  readonly validFrom: number | null;
  readonly validUntil: number | null;
  readonly anchors: readonly Anchor[];
  /** SHA-256 (hex) of the content, and of what keeps it apart (`contentHash.ts`); where it is equal in one namespace it is one memory. */
  readonly contentHash: string;
}

/** The fields a change may set; those absent stay as they are. */
export type MemoryPatch = Partial<
  Pick<
    Memory,
    | 'agent'
    | 'type'
    | 'priority'
    | 'visibility'
    | 'sharedWith'
    | 'content'
    | 'tags'
    | 'metadata'
    | 'session'
    | 'pinned'
    | 'sensitive'
    | 'expiresAt'
    | 'trust'
    | 'review'
    | 'unreviewedBy'
    | 'supersedes'
    | 'validFrom'
    | 'validUntil'
    | 'anchors'
    | 'provenance'
    | 'createdAt'
  >
>;
