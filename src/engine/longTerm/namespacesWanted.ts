import { MemoryError } from '../errors.ts';
import type { Caller } from '../model/caller.ts';
import { ALL_NAMESPACES, readNamespaces } from '../model/namespace.ts';
import { fitsText, type TextCondition } from './recordFilter.ts';

/** Where is looked when a client names no namespace: in the server's and `global`, or in all that it may see. */
export const UNNAMED = ['own', 'all'] as const;
export type Unnamed = (typeof UNNAMED)[number];

/**
 * The namespaces that a condition means, of those that the caller may see: never another one because nothing was found.
 * @param all asked for where the condition does not list them
 * @returns undefined for all. Rejects with `forbidden` for one that is named and not the caller's
 */
export async function namespacesWanted(
  condition: TextCondition | undefined,
  unnamed: Unnamed,
  caller: Caller,
  all: () => Promise<readonly string[]>,
): Promise<readonly string[] | undefined> {
  if (!condition || Object.values(condition).every(one => one === undefined))
    return readNamespaces(unnamed === 'all' ? ALL_NAMESPACES : undefined, caller);
  const fits = (name: string) => fitsText([name], text => text, condition);
  const { all: both, any, eq } = condition;
  const listed = eq === undefined ? (any ?? both) : [eq];
  if (listed) return listed.filter(fits).flatMap(name => permitted(name, caller));
  const seen = readNamespaces(ALL_NAMESPACES, caller) ?? (await all());
  return seen.filter(fits);
}

/** A name that no namespace can have is one where nothing is. */
function permitted(name: string, caller: Caller): readonly string[] {
  try {
    return name.includes(',') ? [] : (readNamespaces(name, caller) ?? []).filter(one => one === name);
  } catch (error) {
    if (MemoryError.is(error, 'invalid_input')) return [];
    throw error;
  }
}
