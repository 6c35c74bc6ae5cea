import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { ProviderTokens } from './provider-tokens.js';

const ISSUER = 'https://id.example';
const AUDIENCE = 'eden';

describe('tokens of a provider whose key is given', () => {
  it.each(['ec', 'ed25519'] as const)('are good under that key alone: %s', async (type) => {
    const pair = () =>
      type === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
    const [own, other] = [pair(), pair()];
    const tokens = new ProviderTokens({
      publicKey: String(own.publicKey.export({ type: 'spki', format: 'pem' })),
      issuer: ISSUER,
      audience: AUDIENCE,
      organizationClaim: 'org_id',
      levelClaim: 'level',
      levels: null,
    });
    const sign = (key: typeof own.privateKey) =>
      new SignJWT({ org_id: 'acme', level: 'Write' })
        .setProtectedHeader({ alg: type === 'ec' ? 'ES256' : 'EdDSA' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject('ann')
        .setJti('1')
        .setExpirationTime('5m')
        .sign(key);
    const good = { subject: 'ann', organization: 'acme', level: 'Write', jti: 'provider:1' };
    expect(await tokens.verify(await sign(own.privateKey))).toMatchObject(good);
    await expect(tokens.verify(await sign(other.privateKey))).rejects.toMatchObject({
      code: 'AUTHENTICATION_REQUIRED',
    });
  });

  it('are told from others by their issuer, whatever else stands there', () => {
    const tokens = new ProviderTokens({
      publicKey: String(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })),
      issuer: ISSUER,
      audience: AUDIENCE,
      organizationClaim: 'o',
      levelClaim: 'l',
      levels: null,
    });
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(tokens.claims(`${part({})}.${part({ iss: ISSUER })}.x`)).toBe(true);
    for (const text of ['', 'x', 'a.b.c', `${part({})}.${part({ iss: 'other' })}.x`, `${part({})}.${part(null)}.x`]) {
      expect(tokens.claims(text)).toBe(false);
    }
  });
});
