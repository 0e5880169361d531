import { MemoryError } from '../../engine/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Sealer } from '../../engine/ports/sealer.ts';
import type { Database } from './database.ts';
import { endTurn } from './turn.ts';

/** What is encrypted of a sensitive memory. Labels (tags, names, times, anchors) are not: filters read them. */
const SECRET = ['content', 'contentHash', 'metadata'];
const KEY_ID = "SELECT value FROM meta WHERE key = 'key_id'";

/** Encrypts what sensitive memories say, wherever this store writes it: rows, versions, the operation log, vectors. */
export class Vault {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #logger: Logger;
  /** Known as soon as it is committed. */
  #noted: string | undefined;
  #locked: string | undefined;

  constructor(database: Database, sealer: Sealer, logger: Logger) {
    this.#database = database;
    this.#sealer = sealer;
    this.#logger = logger;
  }

  /** Why sensitive memories cannot be read; undefined when they can, or when there are none. */
  get locked(): string | undefined {
    return this.#locked;
  }

  /**
   * Lets this connection read sensitive memories (`level`) when their key is at hand; otherwise they are as if they were not there, and come
   * back with the next start that has it. To be called once, before any statement that reads memories.
   */
  async unlock(): Promise<void> {
    this.#database.driver.exec('CREATE TEMP TABLE clearance AS SELECT 1 AS level, 0 AS reviewed_only');
    // The first one may be stored by another process, under another key.
    this.#database.before = () => this.#heed();
    await this.#database.look(() => this.#heed());
  }

  /** Equal for equal contents, and tells nothing of them without the key; undefined when there is no key. */
  hash(content: string): string | undefined {
    if (this.#locked !== undefined || this.#keyId() === undefined) return undefined;
    return this.#sealer.digest(content);
  }

  /** Inside a write transaction only: the first one notes the key in the store. @param id of the memory it belongs to */
  seal(value: object, id: string): string {
    return this.#seal(Buffer.from(JSON.stringify(value)), id).toString('base64');
  }

  open<T>(sealed: string, id: string): T {
    return JSON.parse(Buffer.from(this.#sealer.open(Buffer.from(sealed, 'base64'), id)).toString()) as T;
  }

  /** Whether this can be read here, of a memory as another machine sealed it. */
  opens(sealed: string, id: string): boolean {
    if (this.#locked !== undefined) return false;
    try {
      this.open(sealed, id);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Notes the key that another machine sealed under, which is not here; inside a write transaction. Throws `unavailable` when this store
   * has sensitive memories under another key.
   */
  noteKeyOf(sealed: string): void {
    const noted = this.#keyId();
    const theirs = this.#sealer.keyOf(Buffer.from(sealed, 'base64'));
    if (noted === undefined) this.#note(theirs);
    else if (noted !== theirs) {
      throw new MemoryError(
        'unavailable',
        `Another machine encrypts sensitive memories with the key ${theirs}, this one with ${noted}.`,
        'Set MEMORY_ENCRYPTION_KEY to the same key on every machine.',
      );
    }
  }

  /** A memory, or some fields of one, as JSON; what it says is encrypted when it is sensitive. */
  toJson(fields: object, { id, sensitive }: { readonly id: string; readonly sensitive: boolean }): string {
    const entries = Object.entries(fields);
    const secret = sensitive ? entries.filter(([name]) => SECRET.includes(name)) : [];
    if (secret.length === 0) return JSON.stringify(fields);
    const open = entries.filter(([name]) => !SECRET.includes(name));
    return JSON.stringify({
      ...Object.fromEntries(open),
      sealed: this.seal(Object.fromEntries(secret), id),
    });
  }

  fromJson<T extends object>(json: string, id: string): T {
    const fields = JSON.parse(json) as T & { sealed?: string };
    if (fields.sealed === undefined) return fields;
    const { sealed, ...open } = fields;
    return { ...open, ...this.open<object>(sealed, id) } as T;
  }

  sealVector(vector: Float32Array, num: number): Uint8Array {
    return this.#seal(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), `vector ${num}`);
  }

  /** Also takes one that is not sealed: the length of a sealed one is no multiple of four. */
  openVector(blob: Uint8Array | ArrayBuffer, num: number): Float32Array {
    // libsql gives an ArrayBuffer where it reads several rows.
    const bytes = blob instanceof ArrayBuffer ? new Uint8Array(blob) : blob;
    const vector = bytes.byteLength % 4 === 0 ? bytes : this.#sealer.open(bytes, `vector ${num}`);
    // Blobs may lie at any address; a Float32Array needs a multiple of four.
    if (vector.byteOffset % 4 === 0)
      return new Float32Array(vector.buffer, vector.byteOffset, vector.byteLength / 4);
    // Not slice(): that of a Buffer shares its memory.
    return new Float32Array(new Uint8Array(vector).buffer);
  }

  #seal(bytes: Uint8Array, context: string): Buffer {
    const noted = this.#keyId();
    if (noted === undefined) {
      this.#note(this.#sealer.makeKey());
    } else {
      const problem = this.#locked ?? this.#problem(noted);
      if (problem !== undefined) {
        throw new MemoryError('unavailable', `${problem} Nothing was stored.`, 'Put the right key back.');
      }
    }
    return Buffer.concat([...this.#sealer.seal([bytes], context)]);
  }

  #note(keyId: string): void {
    this.#database.run("INSERT INTO meta VALUES ('key_id', ?)", keyId);
    endTurn();
  }

  /** Looks until there is a key, which stays. */
  #heed(): void {
    this.#noted = this.#keyId();
    if (this.#noted === undefined) return;
    this.#database.before = undefined;
    // One that was killed may have left it undone.
    this.#database.overwriteLog('later');
    this.#locked = this.#problem(this.#noted);
    if (this.#locked === undefined) return;
    this.#database.driver.exec('UPDATE temp.clearance SET level = 0');
    this.#logger.warn('sensitive memories are left out', { reason: this.#locked });
  }

  /** The key that this store's sensitive memories are encrypted with. */
  #keyId(): string | undefined {
    return this.#noted ?? (this.#database.get(KEY_ID)?.['value'] as string | undefined);
  }

  #problem(noted: string): string | undefined {
    try {
      const here = this.#sealer.keyId();
      if (here === noted) return undefined;
      return `Sensitive memories are encrypted with the key ${noted}; ${here === undefined ? 'there is none here' : `the one here is ${here}`}.`;
    } catch (error) {
      return `Sensitive memories cannot be read: ${(error as Error).message}`;
    }
  }
}
