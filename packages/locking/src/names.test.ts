import { describe, expect, it } from '@jest/globals';
import { asUuid, type LockResource } from '@eden/domain';
import { keyName, keyNames, KEY_ROLES } from './names.js';

const A: LockResource = { kind: 'api', uuid: asUuid('0a000000-0000-4000-8000-000000000000') };
const B: LockResource = { kind: 'api', uuid: asUuid('0b000000-0000-4000-8000-000000000000') };
const M: LockResource = { kind: 'migration', uuid: asUuid('00000000-0000-4000-8000-000000000000') };

describe('the names of the lock keys', () => {
  it('keep the keys of one resource under one hash tag', () => {
    expect(KEY_ROLES.map((role) => keyName(A, role))).toEqual([
      '{eden:lock:api:0a000000-0000-4000-8000-000000000000}:w',
      '{eden:lock:api:0a000000-0000-4000-8000-000000000000}:r',
      '{eden:lock:api:0a000000-0000-4000-8000-000000000000}:i',
      '{eden:lock:api:0a000000-0000-4000-8000-000000000000}:q',
    ]);
  });

  it('are sorted by resource whatever order was asked for, so that all ask in the same one', () => {
    expect(keyNames([M, B, A])).toEqual(keyNames([A, B, M]));
    expect(keyNames([M, B, A])[0]).toBe(keyName(A, 'writer'));
  });

  it('name a resource once, however often it was asked for', () => {
    expect(keyNames([A, M, A])).toHaveLength(2 * KEY_ROLES.length);
  });
});
