/**
 * Encrypts what must not be readable on disk, under the key of this user: AES-256-GCM (NIST SP 800-38D) with a random nonce each time.
 * Every method throws `unavailable` when the key cannot be read; `seal`, `open` and `digest` also when there is none.
 */
export interface Sealer {
  /** Names the key and tells nothing of it; undefined when there is none yet. */
  keyId(): string | undefined;

  /** Id of the key that it was sealed under. Throws `unavailable` when it is damaged. */
  keyOf(sealed: Uint8Array): string;

  /** Makes the key where there is none. @returns its id */
  makeKey(): string;

  /**
   * The bytes of all parts as one, encrypted, in pieces: what is large is never copied whole.
   * @param context what it belongs to: it opens in the same context only
   */
  seal(parts: Iterable<Uint8Array>, context: string): Iterable<Uint8Array>;

  /** Throws `unavailable` when it was sealed under another key, was changed since, or belongs to another context. */
  open(sealed: Uint8Array, context: string): Uint8Array;

  /** Equal for equal texts, and of no use without the key (HMAC-SHA-256, 64 hex digits). */
  digest(text: string): string;
}
