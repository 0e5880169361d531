import { createHash, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Identity } from '../../engine/ports/identity.ts';

/** Ids and hashes by Node's own cryptography. */
export const identity: Identity = {
  newId: () => v7(),
  newSecret: () => randomBytes(32).toString('base64url'),
  sha256: text => createHash('sha256').update(text, 'utf8').digest('hex'),
};
