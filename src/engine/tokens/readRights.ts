import { type Rights, SCOPES } from '../model/rights.ts';

/**
 * Rights as a store has them. What cannot be read gives none: fewer scopes, no namespace.
 * @param scopes separated by spaces
 * @param namespaces a JSON array; null: all @param clients the same; null: none
 */
export function readRights(scopes: string, namespaces: string | null, clients: string | null): Rights {
  const named = scopes.split(' ');
  return {
    scopes: SCOPES.filter(scope => named.includes(scope)),
    ...(namespaces !== null && { namespaces: namesOf(namespaces) }),
    ...(clients !== null && { clients: namesOf(clients) }),
  };
}

function namesOf(json: string): readonly string[] {
  try {
    const names: unknown = JSON.parse(json);
    return Array.isArray(names) ? names.filter(name => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
