import type { SearchQuery } from './searchQuery.ts';

/** Where a question looks: in the namespaces that it names, as far as its viewer may see them. undefined: in all */
export function namespacesSeen({
  namespaces,
  viewer,
}: Pick<SearchQuery, 'namespaces' | 'viewer'>): readonly string[] | undefined {
  const bound = viewer.namespaces;
  if (!bound) return namespaces;
  return namespaces ? namespaces.filter(name => bound.includes(name)) : bound;
}
