import type { Metadata } from './memory.ts';

export const PERMISSIONS = ['read', 'read_write'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** A piece of a file that is shared, as it was then. Lines count from 1, the end is included. */
export interface SharedFile {
  /** Relative to the repository's root, with forward slashes. */
  readonly path: string;
  readonly startLine?: number;
  readonly endLine?: number;
  readonly text?: string;
}

/** Who is meant: an agent of the namespace (with the principal that it belongs to), a principal, a client, or all of the namespace. */
export type Receiver =
  | { readonly kind: 'agent'; readonly id: string; readonly owner: string }
  | { readonly kind: 'principal'; readonly id: string }
  | { readonly kind: 'client'; readonly id: string }
  | { readonly kind: 'everyone' };

/** What one agent shares with others. Times by the store's clock. */
export interface SharedContext {
  readonly id: string;
  readonly namespace: string;
  /** Id of the agent that shares, and of its principal. */
  readonly from: string;
  readonly owner: string;
  readonly to: readonly Receiver[];
  readonly topic: string;
  /** Words, such as a message or a selection. */
  readonly content: string;
  /** The sharer may see them (in `read_write`: change them); so may the receivers while it lasts. */
  readonly memoryIds: readonly string[];
  readonly files: readonly SharedFile[];
  /** Id of a session, whose memories of the sharer are all shared: an episode of work. */
  readonly session: string | null;
  readonly taskId: string | null;
  readonly permission: Permission;
  /** Receivers share back: what they answer to it, or share under its topic without naming anybody, reaches the sharer and the other receivers. */
  readonly bidirectional: boolean;
  readonly metadata: Metadata;
  /** Id of the context that this one answers. */
  readonly replyTo: string | null;
  readonly createdAt: number;
  /** null: never. */
  readonly expiresAt: number | null;
  /** Principals that said they have read it, and when. */
  readonly acknowledged: readonly { readonly by: string; readonly at: number }[];
}

export type NewContext = Omit<SharedContext, 'createdAt' | 'acknowledged'>;
