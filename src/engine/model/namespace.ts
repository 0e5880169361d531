import { MemoryError } from '../errors.ts';
import type { Caller } from './caller.ts';
import { GLOBAL_NAMESPACE } from './caller.ts';
import { demandWithin } from './rights.ts';

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

/** Where a write goes: the namespace it names, else the caller's. Throws `forbidden` for one that the caller may not touch. */
export function writeNamespace(asked: string | undefined, caller: Caller): string {
  const namespace = checkNamespace(asked ?? caller.namespace);
  demandWithin(caller, namespace);
  return namespace;
}

/**
 * What a read sees: the namespaces it names (separated by commas), else the caller's and `global`; of a caller that is bound to namespaces
 * those of them that it may see. Throws `forbidden` for a name that is not one of these.
 * @returns undefined for all of them (`*`, of a caller that may see all)
 */
export function readNamespaces(asked: string | undefined, caller: Caller): readonly string[] | undefined {
  const own = caller.rights?.namespaces;
  if (asked === undefined) {
    const usual = [...new Set([caller.namespace, GLOBAL_NAMESPACE])];
    return own ? usual.filter(name => own.includes(name)) : usual;
  }
  if (asked.trim() === ALL_NAMESPACES) return own;
  const named = [...new Set(asked.split(',').map(name => checkNamespace(name.trim())))];
  for (const name of named) demandWithin(caller, name);
  return named;
}
