/**
 * Writes lines to a file that appears whole or not at all.
 * Rejects with `conflict` when it exists and may not be replaced, with `unavailable` when it cannot be written.
 */
export type WriteLineFile = (
  path: string,
  lines: AsyncIterable<string>,
  options: { readonly overwrite: boolean },
) => Promise<void>;
