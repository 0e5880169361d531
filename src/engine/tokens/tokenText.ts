/**
 * What a token looks like: `mc_`, its id, and 256 random bits. By its beginning scanners know it for a secret.
 * @see src/adapters/secrets/secretlintScanner.ts, which masks it
 */
export const TOKEN_FORM = /\bmc_(?<id>[0-9a-f]{12})_(?<secret>[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/;

/** @returns undefined for what is no token of ours */
export function readToken(text: string): { readonly id: string; readonly secret: string } | undefined {
  const found = TOKEN_FORM.exec(text);
  if (!found || found[0] !== text) return undefined;
  return { id: found.groups!['id']!, secret: found.groups!['secret']! };
}

export function writeToken(id: string, secret: string): string {
  return `mc_${id}_${secret}`;
}
