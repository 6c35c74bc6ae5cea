/** Keeps passwords as hashes that nobody can turn back. */
export interface PasswordPort {
  hash(password: string): Promise<string>;
  /** Takes as long for an unknown user (`null`) as for a wrong password, so that names cannot be found out. */
  verify(password: string, passwordHash: string | null): Promise<boolean>;
}
