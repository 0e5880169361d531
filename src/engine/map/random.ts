/** Numbers that look like chance and are the same each time (xorshift). @returns integers in [0, 2^32) */
export function random(seed = 0x9e3779b9): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
