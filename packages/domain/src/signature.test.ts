import { describe, expect, it } from '@jest/globals';
import { digestOfCall, isOutOfTime, isSignedBy, parseSignature, signBody } from './signature.js';

const body = Buffer.from('{"migration":"shop","action":"sync_and_migrate"}');

/** Of `printf '1700000000.%s' "$body" | openssl dgst -sha256 -hmac 'key of the hook'` */
const KNOWN = 't=1700000000,v1=fd8c844d091b53b3dbee5ab76232306e5fb383256662f36993d989085446e4c4';

describe('a signature', () => {
  it('is the one that openssl makes', () => {
    expect(signBody(body, ['key of the hook'], 1_700_000_000.9)).toBe(KNOWN);
  });

  it('fits one of several secrets, and no other body, time or secret', () => {
    const signature = parseSignature(KNOWN);
    if (signature === null) throw new Error('not parsed');
    expect(isSignedBy(['another', 'key of the hook'], signature, body)).toBe(true);
    expect(isSignedBy(['another'], signature, body)).toBe(false);
    expect(isSignedBy([], signature, body)).toBe(false);
    expect(isSignedBy(['key of the hook'], signature, Buffer.from(`${body.toString()} `))).toBe(false);
    expect(isSignedBy(['key of the hook'], { ...signature, time: '1700000001' }, body)).toBe(false);
    const [, mac = ''] = KNOWN.split('v1=');
    const several = parseSignature(`t=1700000000, v1=${'0'.repeat(64)}, v1=${mac}, v2=later`);
    expect(several !== null && isSignedBy(['key of the hook'], several, body)).toBe(true);
    expect(several && digestOfCall(several, body)).toBe(digestOfCall(signature, body));
  });

  it.each([
    '',
    't=1700000000',
    `v1=${'0'.repeat(64)}`,
    `t=soon,v1=${'0'.repeat(64)}`,
    't=1,v1=zz',
    `t=1${`,v1=${'0'.repeat(64)}`.repeat(9)}`,
  ])('is not %j', (header) => expect(parseSignature(header)).toBeNull());

  it('counts for five minutes, on both sides of now', () => {
    const at = { time: '1700000000', candidates: [] };
    for (const seconds of [-300, 0, 300])
      expect(isOutOfTime(at, new Date((1_700_000_000 + seconds) * 1000))).toBe(false);
    for (const seconds of [-301, 301]) expect(isOutOfTime(at, new Date((1_700_000_000 + seconds) * 1000))).toBe(true);
  });
});
