/** Ids and hashes, which need the platform's randomness and cryptography. */
export interface Identity {
  /** A new UUIDv7: sortable by time. */
  newId(): string;
  /** 256 random bits, as 43 characters of base64url. */
  newSecret(): string;
  /** SHA-256 of the UTF-8 bytes, 64 hex digits. */
  sha256(text: string): string;
}
