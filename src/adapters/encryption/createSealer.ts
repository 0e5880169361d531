import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { MemoryError } from '../../engine/errors.ts';
import type { Sealer } from '../../engine/ports/sealer.ts';
import { makeKeyFile, readKeyFile } from './keyFile.ts';

const ALGORITHM = 'aes-256-gcm';
const FORMAT = 1;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES;

interface Keys {
  readonly id: Buffer;
  readonly encryption: Buffer;
  readonly digest: Buffer;
}

/**
 * Sealed bytes are: format (1 byte), key id (8), nonce (12), ciphertext, tag (16).
 * @param given the key, 32 bytes in base64; empty: it is in the file
 * @param path where the key is, or is made
 */
export function createSealer(given: string, path: string): Sealer {
  let keys: Keys | undefined;
  const take = (key: Buffer | undefined) => {
    if (key) keys = derive(key);
    return keys;
  };
  const find = () => keys ?? take(given === '' ? readKeyFile(path) : Buffer.from(given, 'base64'));
  const load = () => {
    const found = find();
    if (found) return found;
    throw new MemoryError(
      'unavailable',
      `There is no encryption key at ${path}.`,
      'Put the key file back, or set MEMORY_ENCRYPTION_KEY: without the key, sensitive memories cannot be read.',
    );
  };
  return {
    keyId: () => find()?.id.toString('hex'),

    keyOf(sealed) {
      if (sealed.byteLength < HEADER_BYTES + TAG_BYTES || sealed[0] !== FORMAT) throw damaged('it');
      return Buffer.from(sealed.subarray(1, 1 + KEY_ID_BYTES)).toString('hex');
    },

    makeKey: () => (find() ?? take(makeKeyFile(path))!).id.toString('hex'),

    *seal(parts, context) {
      const { encryption, id } = load();
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, encryption, nonce).setAAD(Buffer.from(context));
      yield Buffer.concat([Buffer.of(FORMAT), id, nonce]);
      for (const part of parts) yield cipher.update(part);
      yield cipher.final();
      yield cipher.getAuthTag();
    },

    open(sealed, context) {
      const { encryption, id } = load();
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      const header = bytes.subarray(0, HEADER_BYTES);
      if (bytes.length < HEADER_BYTES + TAG_BYTES || header[0] !== FORMAT) throw damaged(context);
      const sealedWith = header.subarray(1, 1 + KEY_ID_BYTES);
      if (!sealedWith.equals(id)) {
        throw new MemoryError(
          'unavailable',
          `It is encrypted with the key ${sealedWith.toString('hex')}; the one here is ${id.toString('hex')}.`,
          given === '' ? `Put the right key at ${path}.` : 'Set MEMORY_ENCRYPTION_KEY to the right key.',
        );
      }
      const decipher = createDecipheriv(ALGORITHM, encryption, header.subarray(1 + KEY_ID_BYTES))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(HEADER_BYTES, -TAG_BYTES)), decipher.final()]);
      } catch (error) {
        throw damaged(context, error);
      }
    },

    digest: text => createHmac('sha256', load().digest).update(text).digest('hex'),
  };
}

/** One key a purpose (HKDF, RFC 5869), so that none tells anything of another. */
function derive(key: Uint8Array): Keys {
  const purpose = (name: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', key, '', `memory-central ${name}`, bytes));
  return {
    id: purpose('id', KEY_ID_BYTES),
    encryption: purpose('encryption', 32),
    digest: purpose('digest', 32),
  };
}

function damaged(context: string, cause?: unknown): MemoryError {
  return new MemoryError(
    'unavailable',
    `What is encrypted of ${context} was changed or damaged.`,
    'Restore the database from a backup, or forget the memory.',
    { cause },
  );
}
