import { clientLabel, NAMELESS } from '../agents/clientLabel.ts';
import { MemoryError } from '../errors.ts';
import { checkLabel } from '../memories/checkLabel.ts';
import { LIMITS } from '../model/limits.ts';
import { checkNamespace } from '../model/namespace.ts';
import type { Rights } from '../model/rights.ts';
import type { TokenRecord } from '../ports/tokenStore.ts';
import { readToken, writeToken } from './tokenText.ts';
import { type TokensOptions, VerifiedTokens } from './verifiedTokens.ts';

const DAY_MS = 86_400_000;
const FORM = /^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u;

export interface TokenDraft {
  /** Letters, digits and . _ - */
  readonly name: string;
  readonly rights: Rights;
  /** undefined: it never ends by itself */
  readonly days?: number | undefined;
}

/** A token that was just made. Its text is nowhere else. */
export interface MadeToken {
  readonly text: string;
  readonly record: TokenRecord;
}

/** Who may come over the network, and with which rights. The text of a token is shown once, and kept by whoever it was made for. */
export class Tokens {
  readonly #options: TokensOptions;
  readonly #verified: VerifiedTokens;

  constructor(options: TokensOptions) {
    this.#options = options;
    this.#verified = new VerifiedTokens(options);
  }

  /** Rejects with `conflict` for a name that has a token, `invalid_input` for what is no name or namespace. */
  async create(draft: TokenDraft): Promise<MadeToken> {
    check(draft);
    const { clients, ...rights } = draft.rights;
    const labels = clients && [...new Set(clients.map(labelOf))];
    if ((await this.#named(draft.name)).length > 0)
      throw new MemoryError(
        'conflict',
        `There is a token called "${draft.name}".`,
        `Take another name, or replace it: memory-central token rotate ${draft.name}.`,
      );
    const given = { ...rights, ...(labels && { clients: labels }) };
    return this.#make(draft.name, given, draft.days === undefined ? null : draft.days * DAY_MS);
  }

  /** By name; also those that are over. */
  async list(): Promise<readonly TokenRecord[]> {
    return this.#options.store.list();
  }

  /** Every token of that name, or the one with that id, opens nothing any more: here at once, elsewhere within seconds. @returns them */
  async revoke(named: string): Promise<readonly TokenRecord[]> {
    const found = await this.#demand(named);
    for (const { id } of found) {
      await this.#options.store.remove(id);
      this.#verified.forget(id);
    }
    return found;
  }

  /**
   * A new one with the same rights, for as long as the old one had been made for.
   * @param graceMs so long the old ones still open what they did
   */
  async rotate(name: string, graceMs: number): Promise<MadeToken> {
    const { clock, store } = this.#options;
    const old = await this.#demand(name);
    const now = clock.now();
    // Those that were replaced before end sooner.
    const { name: own, rights } = old.toSorted((a, b) => endOf(b) - endOf(a))[0]!;
    const lives = old.map(({ createdAt, expiresAt }) => (expiresAt === null ? null : expiresAt - createdAt));
    const made = await this.#make(
      own,
      rights,
      lives.includes(null) ? null : Math.max(...(lives as number[])),
    );
    for (const { id } of old) {
      await (graceMs > 0 ? store.expire(id, now + graceMs) : store.remove(id));
      this.#verified.forget(id);
    }
    return made;
  }

  /** Whose token this is; undefined: nobody's, or it is over. Rejects with `unavailable` where nobody can know. */
  async verify(text: string): Promise<TokenRecord | undefined> {
    const token = readToken(text);
    return token && this.#verified.find(token.id, token.secret);
  }

  async #make(name: string, rights: Rights, lifeMs: number | null): Promise<MadeToken> {
    const { clock, identity, store } = this.#options;
    const createdAt = clock.now();
    const id = identity.sha256(identity.newSecret()).slice(0, 12);
    const secret = identity.newSecret();
    const hash = identity.sha256(secret);
    const record = {
      ...{ id, name, hash, rights, createdAt },
      expiresAt: lifeMs === null ? null : createdAt + lifeMs,
    };
    await store.add(record);
    return { text: writeToken(id, secret), record: { ...record, usedAt: null } };
  }

  async #named(named: string): Promise<readonly TokenRecord[]> {
    return (await this.#options.store.list()).filter(({ id, name }) => name === named || id === named);
  }

  async #demand(named: string): Promise<readonly TokenRecord[]> {
    const found = await this.#named(named);
    if (found.length > 0) return found;
    throw new MemoryError(
      'not_found',
      `There is no token called "${named.slice(0, LIMITS.nameChars)}".`,
      'See memory-central token list.',
    );
  }
}

/** As clients are known by it everywhere. */
function labelOf(client: string): string {
  checkLabel('The name of a client', client, LIMITS.nameChars);
  const label = clientLabel(client);
  if (label !== NAMELESS) return label;
  throw new MemoryError(
    'invalid_input',
    `"${client.slice(0, 60)}" is no name of a client.`,
    'Name it as it calls itself, such as claude-code.',
  );
}

function endOf({ expiresAt }: TokenRecord): number {
  return expiresAt ?? Number.POSITIVE_INFINITY;
}

function check({ name, rights }: TokenDraft): void {
  checkLabel('The name of a token', name, LIMITS.nameChars);
  if (!FORM.test(name))
    throw new MemoryError(
      'invalid_input',
      `"${name.slice(0, 60)}" is no name of a token.`,
      'Use letters, digits and . _ -, such as ci or build-server.',
    );
  if (rights.scopes.length === 0)
    throw new MemoryError(
      'invalid_input',
      'The token would be for nothing.',
      'Give it at least one scope: read, write, tasks or admin.',
    );
  for (const namespace of rights.namespaces ?? []) checkNamespace(namespace);
}
