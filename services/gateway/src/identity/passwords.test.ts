import { describe, expect, it } from '@jest/globals';
import { Passwords } from './passwords.js';

describe('passwords', () => {
  it('are hashed by argon2id and found again', async () => {
    const passwords = await Passwords.create();
    const hash = await passwords.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify('correct horse', hash)).toBe(true);
    expect(await passwords.verify('correct horsf', hash)).toBe(false);
  });

  it('of nobody are always wrong', async () => {
    const passwords = await Passwords.create();
    expect(await passwords.verify('anything', null)).toBe(false);
  });
});
