/** A key that was just made; the key itself is kept nowhere. */
export interface NewApiKey {
  readonly key: string;
  readonly hash: Uint8Array;
}

/** Keys of robots: long random texts, so that a fast hash of them tells nothing. */
export interface ApiKeyPort {
  create(): NewApiKey;
}
