/** The first truthy answer, asked for again and again. Fails after `ms` with what was waited for. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  ms = 30_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  let error: unknown;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (thrown) {
      error = thrown;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`Waited in vain for ${what}${error ? `: ${error}` : ''}`);
}
