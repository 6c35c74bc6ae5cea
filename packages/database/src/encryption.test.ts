import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asUuid, type JsonObject } from '@eden/domain';
import { createConfigCipher, type ConfigOwner } from './encryption.js';

function someone(): ConfigOwner {
  return { organizationUuid: asUuid(randomUUID()), endpointUuid: asUuid(randomUUID()) };
}

const owner = someone();
const key = randomBytes(32);
const config: JsonObject = { url: 'postgresql://app:secret@db/shop' };

/** A key whose id byte differs from, or equals, that of the given one. */
function keyBeside(other: Buffer, sameId: boolean): Buffer {
  const idOf = (candidate: Buffer) => createConfigCipher([candidate]).encrypt({}, owner)[0];
  for (;;) {
    const candidate = randomBytes(32);
    if ((idOf(candidate) === idOf(other)) === sameId) return candidate;
  }
}

describe('the cipher of endpoint configs', () => {
  it('gives back whatever was encrypted', () => {
    const cipher = createConfigCipher([key]);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const document = JSON.parse(JSON.stringify(value)) as JsonObject;
        expect(cipher.decrypt(cipher.encrypt(document, owner), owner)).toEqual(document);
      }),
    );
  });

  it('shows nothing of the config, and never the same bytes twice', () => {
    const cipher = createConfigCipher([key]);
    const sealed = cipher.encrypt(config, owner);
    expect(sealed.toString('latin1')).not.toContain('secret');
    expect(cipher.encrypt(config, owner)).not.toEqual(sealed);
  });

  it.each([false, true])('still reads what an older key encrypted after a rotation (same key id: %s)', (sameId) => {
    const sealed = createConfigCipher([key]).encrypt(config, owner);
    const newer = keyBeside(key, sameId);
    const rotated = createConfigCipher([newer, key]);
    expect(rotated.decrypt(sealed, owner)).toEqual(config);
    const resealed = rotated.encrypt(config, owner);
    expect(createConfigCipher([newer]).decrypt(resealed, owner)).toEqual(config);
    expect(() => createConfigCipher([key]).decrypt(resealed, owner)).toThrow();
  });

  it.each(['organizationUuid', 'endpointUuid'] as const)('refuses a config copied to another %s', (part) => {
    const cipher = createConfigCipher([key]);
    const sealed = cipher.encrypt(config, owner);
    expect(() => cipher.decrypt(sealed, { ...owner, [part]: randomUUID() })).toThrow('Internal server error');
  });

  it('refuses bytes that were changed, anywhere', () => {
    const cipher = createConfigCipher([key]);
    const sealed = cipher.encrypt(config, owner);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (index, bits) => {
        const changed = Buffer.from(sealed);
        changed[index] = (changed[index] ?? 0) ^ bits;
        expect(() => cipher.decrypt(changed, owner)).toThrow('Internal server error');
      }),
    );
    expect(() => cipher.decrypt(sealed.subarray(0, 20), owner)).toThrow('Internal server error');
  });

  it.each([[[]], [[randomBytes(16)]], [[key, randomBytes(31)]]])('refuses keys that are no keys', (keys) => {
    expect(() => createConfigCipher(keys)).toThrow('encryption needs keys of 32 bytes');
  });
});
