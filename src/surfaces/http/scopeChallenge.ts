import { MemoryError } from '../../engine/errors.ts';
import type { Rights, ScopeMissing } from '../../engine/model/rights.ts';
import { refusalHeaders } from './refusalHeaders.ts';

/**
 * What is told to a token that may do less than was asked for (RFC 6750): a client may get one for more.
 * @param rights of who asked; undefined: no other token does more
 * @returns headers; none for any other failure
 */
export function scopeChallenge(error: unknown, rights: Rights | undefined): Readonly<Record<string, string>> {
  if (!rights || !MemoryError.is(error, 'forbidden')) return {};
  const { scope } = error as Partial<ScopeMissing>;
  const refusal = { status: 403, error: 'insufficient_scope', message: error.message } as const;
  return refusalHeaders({ ...refusal, ...(scope && { scope }) }, undefined);
}
