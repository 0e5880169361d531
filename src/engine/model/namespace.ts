import { MemoryError } from '../errors.ts';
import type { Caller } from './caller.ts';
import { GLOBAL_NAMESPACE } from './caller.ts';

const FORM = /^[\p{L}\p{N}_.@~][\p{L}\p{N}_.@~/:+ -]{0,199}$/u;

/** Every namespace the viewer may see: only when asked for by this name. */
export const ALL_NAMESPACES = '*';

/** Refuses a name that is empty, too long or holds a control character, comma or `*`. */
export function checkNamespace(name: string): string {
  if (FORM.test(name)) return name;
  throw new MemoryError(
    'invalid_input',
    `"${name.slice(0, 60)}" is no namespace.`,
    'Use 1 to 200 letters, digits and . _ - / : @ ~ +, such as github.com/owner/name.',
  );
}

/** Where a write goes: the namespace it names, else the caller's. */
export function writeNamespace(asked: string | undefined, caller: Caller): string {
  return checkNamespace(asked ?? caller.namespace);
}

/**
 * What a read sees: the namespaces it names (separated by commas), else the caller's and `global`.
 * @returns undefined for all of them (`*`)
 */
export function readNamespaces(asked: string | undefined, caller: Caller): readonly string[] | undefined {
  if (asked === undefined) return [...new Set([caller.namespace, GLOBAL_NAMESPACE])];
  if (asked.trim() === ALL_NAMESPACES) return undefined;
  return [...new Set(asked.split(',').map(name => checkNamespace(name.trim())))];
}
