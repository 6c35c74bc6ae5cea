import { describe, expect, it, jest } from '@jest/globals';
import type { Subject } from '@eden/domain';
import { asUuid, NO_GRANTS } from '@eden/domain';
import jwt from 'jsonwebtoken';
import { Tokens } from './tokens.js';

const SECRET = 'a secret of at least thirty-two bytes';
const SESSION_MS = 12 * 3_600_000;
const SUBJECT: Subject = {
  organizationUuid: asUuid('550e8400-e29b-41d4-a716-446655440000'),
  organizationId: 'acme',
  userUuid: asUuid('550e8400-e29b-41d4-a716-446655440001'),
  username: 'ann',
  level: 'Admin',
  grants: NO_GRANTS,
  scopes: null,
};

const tokens = new Tokens(SECRET, SESSION_MS);

/** A token of ours but for the given differences. */
function forge(claims: object, options: jwt.SignOptions = {}, secret: jwt.Secret = SECRET): string {
  const { iat: _iat, exp: _exp, ...good } = jwt.decode(tokens.issue(SUBJECT, new Date())) as jwt.JwtPayload;
  return jwt.sign({ ...good, ...claims }, secret, { algorithm: 'HS256', expiresIn: 900, ...options });
}

describe('a token', () => {
  it('carries the claims of the contract and lives for 15 minutes', () => {
    const claims = jwt.decode(tokens.issue(SUBJECT, new Date())) as jwt.JwtPayload;
    expect(claims).toMatchObject({
      sub: 'ann',
      org_id: 'acme',
      org_uuid: SUBJECT.organizationUuid,
      user_uuid: SUBJECT.userUuid,
      level: 'Admin',
      jti: expect.any(String),
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(900);
  });

  it('is believed as to user, organization and identity', () => {
    const { userUuid, organizationUuid, jti, expiresAt } = tokens.verify(tokens.issue(SUBJECT, new Date()));
    expect(userUuid).toBe(SUBJECT.userUuid);
    expect(organizationUuid).toBe(SUBJECT.organizationUuid);
    expect(jti).toMatch(/^[0-9a-f-]{36}$/);
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now());
  });

  it('has an identity of its own', () => {
    expect(tokens.verify(tokens.issue(SUBJECT, new Date())).jti).not.toBe(
      tokens.verify(tokens.issue(SUBJECT, new Date())).jti,
    );
  });

  it('like the forged ones below is good when nothing is forged', () => {
    expect(tokens.verify(forge({})).userUuid).toBe(SUBJECT.userUuid);
  });

  it.each([
    ['with another secret', forge({}, {}, 'another secret of thirty-two bytes!!')],
    ['with another HMAC', forge({}, { algorithm: 'HS512' })],
    ['without a signature', forge({}, { algorithm: 'none' }, '')],
    ['of another issuer', forge({ iss: 'elsewhere' })],
    ['for another audience', forge({ aud: 'elsewhere' })],
    ['that has expired', forge({}, { expiresIn: -1 })],
    ['without an identity', forge({ jti: undefined })],
    ['without the time of its login', forge({ auth_time: undefined })],
    ['without a user', forge({ user_uuid: 'root' })],
    ['that is none', 'x.y.z'],
  ])('%s is refused', (_what, token) => {
    expect(() => tokens.verify(token)).toThrow('Authentication required');
  });

  it('that was good is refused once it has expired', () => {
    jest.useFakeTimers({ now: Date.now() });
    try {
      const token = tokens.issue(SUBJECT, new Date());
      tokens.verify(token);
      jest.advanceTimersByTime(899_000);
      expect(tokens.verify(token).userUuid).toBe(SUBJECT.userUuid);
      jest.advanceTimersByTime(2_000);
      expect(() => tokens.verify(token)).toThrow('Authentication required');
    } finally {
      jest.useRealTimers();
    }
  });

  it('is good whoever else has come since', () => {
    const token = tokens.issue(SUBJECT, new Date());
    const { jti } = tokens.verify(token);
    for (let others = 0; others < 1_100; others += 1) tokens.verify(tokens.issue(SUBJECT, new Date()));
    expect(tokens.verify(token).jti).toBe(jti);
  });

  it('is refreshed for twelve hours after the login, and does not outlive them', () => {
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    const { loggedInAt } = tokens.verify(tokens.issue(SUBJECT, hoursAgo(11)));
    expect(Date.now() - loggedInAt.getTime()).toBeGreaterThanOrEqual(11 * 3_600_000);
    const last = jwt.decode(tokens.issue(SUBJECT, hoursAgo(11.9))) as jwt.JwtPayload;
    expect((last.exp ?? 0) - (last.iat ?? 0)).toBeLessThanOrEqual(360);
    expect(tokens.lifetimeSeconds(hoursAgo(11.9))).toBeLessThanOrEqual(360);
    expect(() => tokens.issue(SUBJECT, hoursAgo(12))).toThrow('Authentication required');
  });

  it('that never expires is refused', () => {
    const { iat: _iat, exp: _exp, ...claims } = jwt.decode(tokens.issue(SUBJECT, new Date())) as jwt.JwtPayload;
    expect(() => tokens.verify(jwt.sign(claims, SECRET))).toThrow('Authentication required');
  });
});
