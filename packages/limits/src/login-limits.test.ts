import { describe, expect, it } from '@jest/globals';
import { userOf } from './login-limits.js';

const attempt = (organization: string) => ({ organization, username: 'ann', address: '192.0.2.1' });
const UUID = '550e8400-e29b-41d4-a716-44665544abcd';

describe('the attempts to log in as one user', () => {
  it('are counted together, however the uuid of the organization is written', () => {
    expect(userOf(attempt(UUID.toUpperCase()))).toBe(userOf(attempt(UUID)));
    expect(userOf(attempt('Acme'))).not.toBe(userOf(attempt('acme')));
  });
});
