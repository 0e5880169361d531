import { MemoryError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Identity } from '../ports/identity.ts';
import type { TokenRecord, TokenStore } from '../ports/tokenStore.ts';

/** A token is asked for again after so long: what was revoked elsewhere opens nothing from then on. */
const FRESH_MS = 2000;
/** While the store is out of reach those that it has vouched for go on for so long. */
const TRUSTED_MS = 10 * 60_000;
/** Of its last use so much is known. */
const USED_MS = 3_600_000;
const MOST = 10_000;

export interface TokensOptions {
  readonly store: TokenStore;
  readonly identity: Identity;
  readonly clock: Clock;
}

interface Known {
  readonly token: TokenRecord;
  readonly askedAt: number;
}

/** The tokens that were sent to this process, as they were some seconds ago. */
export class VerifiedTokens {
  readonly #options: TokensOptions;
  readonly #known = new Map<string, Known>();
  readonly #used = new Map<string, number>();

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  forget(id: string): void {
    this.#known.delete(id);
  }

  async find(id: string, secret: string): Promise<TokenRecord | undefined> {
    const { clock, identity } = this.#options;
    const token = await this.#ask(id);
    // Compared also where there is none: how long it takes tells nothing.
    const opens = isEqual(identity.sha256(secret), token?.hash ?? '0'.repeat(64));
    if (!token || !opens || isOver(token, clock.now())) return undefined;
    this.#note(token);
    return token;
  }

  async #ask(id: string): Promise<TokenRecord | undefined> {
    const { clock, store } = this.#options;
    const now = clock.now();
    const known = this.#known.get(id);
    if (known && now >= known.askedAt && now - known.askedAt < FRESH_MS) return known.token;
    try {
      const token = await store.get(id);
      this.#known.delete(id);
      if (!token) return undefined;
      const [oldest] = this.#known.keys();
      if (oldest !== undefined && this.#known.size >= MOST) this.#known.delete(oldest);
      this.#known.set(id, { token, askedAt: now });
      return token;
    } catch (error) {
      if (!MemoryError.is(error, 'unavailable')) throw error;
      if (known && now - known.askedAt < TRUSTED_MS) return known.token;
      throw nobodyKnows(error);
    }
  }

  /** Nobody waits for it, and where it fails the next hour tells. */
  #note({ id, usedAt }: TokenRecord): void {
    const { clock, store } = this.#options;
    const now = clock.now();
    const last = Math.max(usedAt ?? 0, this.#used.get(id) ?? 0);
    if (now - last < USED_MS) return;
    if (this.#used.size >= MOST) this.#used.clear();
    this.#used.set(id, now);
    store.used(id, now).catch(() => {});
  }
}

/** Whoever asks is nobody yet, and is not told where the store is. */
function nobodyKnows(cause: unknown): MemoryError {
  return new MemoryError(
    'unavailable',
    'Whose token this is cannot be told just now: where tokens are kept is out of reach.',
    'Try again; on the host of the server `memory-central doctor` says what is wrong.',
    { cause },
  );
}

function isOver({ expiresAt }: TokenRecord, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** In the same time wherever they differ. */
function isEqual(one: string, other: string): boolean {
  let differs = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) differs |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return differs === 0;
}
