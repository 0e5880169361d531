/** Words, stop words aside, up to which a memory is a remark that its neighbours explain. */
const REMARK_WORDS = 20;

/**
 * How much of its neighbours' words and meaning counts for a memory of a session: all of it for a remark of a conversation, and ever less
 * for a section or a function, which says itself what it is about.
 *
 * @param words of the memory, without stop words, >= 0
 * @returns 1 up to 20 words, then falling with the square: ¼ at 40, .01 at 200
 */
export function contextShare(words: number): number {
  return words <= REMARK_WORDS ? 1 : (REMARK_WORDS / words) ** 2;
}
