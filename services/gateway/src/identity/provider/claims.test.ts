import { describe, expect, it } from '@jest/globals';
import type { AccessLevel } from '@eden/domain';
import { ACCESS_LEVELS } from '@eden/domain';
import fc from 'fast-check';
import { claimOf, identityOf, levelOf } from './claims.js';

describe('a claim', () => {
  it('is found by its whole name first, then by the way to it', () => {
    expect(claimOf({ org: 'acme' }, 'org')).toBe('acme');
    expect(claimOf({ 'https://acme.example/org': 'acme' }, 'https://acme.example/org')).toBe('acme');
    expect(claimOf({ realm_access: { roles: ['ops'] } }, 'realm_access.roles')).toEqual(['ops']);
    expect(claimOf({ 'a.b': 1, a: { b: 2 } }, 'a.b')).toBe(1);
  });

  it.each(['constructor', '__proto__', 'a.constructor', 'a.b.c', '', 'toString.name'])(
    'is nothing of ours: %j',
    (name) => {
      expect(claimOf({ a: { b: 'x' } }, name)).toBeUndefined();
    },
  );
});

describe('the level that a claim says', () => {
  const levels = new Map<string, AccessLevel>([
    ['/ops', 'Admin'],
    ['/dev', 'Write'],
  ]);

  it('is the highest of its groups, whatever their order', () => {
    expect(levelOf(['/dev', '/ops', '/all'], levels)).toBe('Admin');
    expect(levelOf(['/ops', '/dev'], levels)).toBe('Admin');
    expect(levelOf('/dev', levels)).toBe('Write');
  });

  it('is its own name where nothing else is said, and no name where something is', () => {
    expect(levelOf('SuperAdmin', null)).toBe('SuperAdmin');
    expect(levelOf('SuperAdmin', levels)).toBeNull();
  });

  it('is none for whatever else a token may hold', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const said = [value].flat().some((text) => (ACCESS_LEVELS as readonly unknown[]).includes(text));
        expect(levelOf(value, null) !== null).toBe(said);
      }),
    );
  });
});

describe('somebody whom the provider vouches for', () => {
  const mapping = { organizationClaim: 'org', levelClaim: 'level', levels: null };
  const claims = { sub: 'auth0|1', org: 'acme', level: 'Read' };

  it('is of an organization whose name can be one', () => {
    expect(identityOf(claims, mapping)).toEqual({ subject: 'auth0|1', organization: 'acme', level: 'Read' });
    for (const org of [undefined, 1, '', 'a\0b', '../acme']) {
      expect(() => identityOf({ ...claims, org }, mapping)).toThrow('Authentication required');
    }
  });
});
