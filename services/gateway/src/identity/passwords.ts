import { randomUUID } from 'node:crypto';
import type { PasswordPort } from '@eden/domain';
import { hash, verify } from '@node-rs/argon2';

/** argon2id with the parameters that OWASP recommends (19 MiB, 2 passes, 1 lane), which are the library's defaults. */
export class Passwords implements PasswordPort {
  private constructor(private readonly nobodysHash: string) {}

  static async create(): Promise<Passwords> {
    return new Passwords(await hash(randomUUID()));
  }

  hash(password: string): Promise<string> {
    return hash(password);
  }

  async verify(password: string, passwordHash: string | null): Promise<boolean> {
    const matches = await verify(passwordHash ?? this.nobodysHash, password);
    return matches && passwordHash !== null;
  }
}
