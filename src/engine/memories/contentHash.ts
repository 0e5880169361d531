import type { Memory } from '../model/memory.ts';

/** Key of the metadata that tells memories of equal content apart: those in which it differs are two, as for two users of one namespace. */
export const DISTINCT_BY = 'distinct_by';

/** Hash by which equal memories of a namespace are one: of the content, and of what keeps it apart where something does. */
export function contentHashOf(
  { content, metadata }: Pick<Memory, 'content' | 'metadata'>,
  sha256: (text: string) => string,
): string {
  const apart = metadata[DISTINCT_BY];
  return typeof apart === 'string' ? sha256(`${apart}\0${content}`) : sha256(content);
}
