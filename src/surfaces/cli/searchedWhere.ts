import type { SearchPlace } from '../../engine/ports/memoryIndex.ts';

/** For a person: on the server or in the process. */
export function searchedWhere({ place }: SearchPlace): string {
  return place === 'server' ? 'on the server' : `in the ${place}`;
}
