const TIMES = 5;

/**
 * Tries again what others made fail: the editor draws what changed anew, and gives the focus to what comes up, whenever that happens. A
 * person who sees that does it once more.
 * @param attempt rejects where it has had no effect
 */
export async function again<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = TIMES - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
