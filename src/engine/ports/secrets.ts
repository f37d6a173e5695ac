/** How PINs of callers and secrets of API tokens are kept and compared. */
export interface SecretHasher {
  /** One string that holds all that comparing needs, other for each call; the secret cannot be read from it. */
  hash(secret: string): Promise<string>;
  /**
   * Whether the secret is the one that was hashed. Without a hash (`null`: there is no such account, or it has none) the
   * answer is no, after the same work, so that its time tells nobody what exists.
   */
  verify(secret: string, stored: string | null): Promise<boolean>;
}
