import type { Caller } from '../model/caller.ts';
import type { IndexRecord } from '../ports/indexSource.ts';

export interface Whose {
  /** Only in these; undefined: all. */
  readonly namespaces?: readonly string[] | undefined;
  /** Only what has this tag; undefined: all. */
  readonly tag?: string | undefined;
  /** Also what is private to others. */
  readonly everybody?: boolean;
}

/** Whether a memory is one that is asked for, and that the caller may change. */
export function isWanted(
  { deleted, namespace, owner, tags, visibility }: IndexRecord,
  { everybody, namespaces, tag }: Whose,
  { principal }: Caller,
): boolean {
  if (deleted || (namespaces && !namespaces.includes(namespace))) return false;
  if (tag !== undefined && !tags.includes(tag)) return false;
  return visibility === 'public' || everybody === true || owner === principal.id;
}

/** What is private is seen with its owner's eyes. */
export function eyesFor(
  { owner, visibility }: Pick<IndexRecord, 'owner' | 'visibility'>,
  caller: Caller,
): Caller {
  return visibility === 'public' || owner === caller.principal.id ? caller : { ...caller, onBehalfOf: owner };
}
