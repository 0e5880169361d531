import { MemoryError } from '../../../engine/errors.ts';
import type { NewToken, TokenRecord, TokenStore } from '../../../engine/ports/tokenStore.ts';
import { readRights } from '../../../engine/tokens/readRights.ts';
import { type Argument, commandOf } from '../recordScripts.ts';
import type { Fields } from './fields.ts';
import type { RecordSpace } from './recordSpace.ts';

const ALL = 'tokens';

/** HASH `token:{id}` and SET `tokens`. */
export class RedisTokenStore implements TokenStore {
  readonly #space: RecordSpace;

  constructor(space: RecordSpace) {
    this.#space = space;
  }

  async add({ id, name, hash, rights, createdAt, expiresAt }: NewToken): Promise<void> {
    const added = await this.#change(
      id,
      'add',
      ...['name', name, 'hash', hash, 'scopes', rights.scopes.join(' '), 'created_at', createdAt],
      ...(rights.namespaces ? ['namespaces', JSON.stringify(rights.namespaces)] : []),
      ...(rights.clients ? ['clients', JSON.stringify(rights.clients)] : []),
      ...(expiresAt === null ? [] : ['expires_at', expiresAt]),
    );
    if (!added) throw new MemoryError('conflict', `The token "${id}" is there already.`, 'Try again.');
  }

  async get(id: string): Promise<TokenRecord | undefined> {
    const [token] = await this.#read([id]);
    return token;
  }

  async list(): Promise<readonly TokenRecord[]> {
    const ids = await this.#space.ask(client => client.smembers(this.#space.key(ALL)));
    const found = (await this.#read(ids)).filter(token => token !== undefined);
    return found.sort((a, b) => compare(a.name, b.name) || a.createdAt - b.createdAt || compare(a.id, b.id));
  }

  async expire(id: string, at: number): Promise<boolean> {
    return this.#change(id, 'expire', at);
  }

  async remove(id: string): Promise<boolean> {
    return this.#change(id, 'remove');
  }

  async used(id: string, at: number): Promise<void> {
    await this.#change(id, 'used', at);
  }

  /** Done once a replica has it: what was revoked stays revoked after a failover. */
  async #change(id: string, ...args: readonly Argument[]): Promise<boolean> {
    const keys = [keyOf(id), ALL].map(name => this.#space.key(name));
    const [reply] = await this.#space.changes(commandOf('changeToken'), keys, [[id, ...args]]);
    return reply === 1;
  }

  async #read(ids: readonly string[]): Promise<readonly (TokenRecord | undefined)[]> {
    const found = await this.#space.batch(ids, (pipeline, id) =>
      pipeline.hgetall(this.#space.key(keyOf(id))),
    );
    return found.map((fields, i) => toToken(ids[i]!, fields as Fields));
  }
}

function keyOf(id: string): string {
  return `token:${id}`;
}

function toToken(id: string, fields: Fields): TokenRecord | undefined {
  const { clients, created_at, expires_at, hash, name, namespaces, scopes, used_at } = fields;
  if (hash === undefined || name === undefined) return undefined;
  return {
    ...{ id, name, hash },
    rights: readRights(scopes ?? '', namespaces ?? null, clients ?? null),
    createdAt: Number(created_at),
    // One that nobody can read is over.
    expiresAt: expires_at === undefined ? null : Number(expires_at) || 0,
    usedAt: used_at === undefined ? null : Number(used_at),
  };
}

/** By code unit, as SQLite orders. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
