import { describe, expect, it } from '@jest/globals';
import { asUuid } from '@eden/domain';
import { gateKey, installKey, participantApplication, participantPreparedId, runKey } from './names.js';

const TOKEN = '0123456789abcdef';
const RUN = asUuid('0e6bd3a6-6f0c-4d1b-9d6c-0d8f9b0f3a11');

describe('the names that we leave in a target', () => {
  it('stay below the limits of PostgreSQL', () => {
    const largest = {
      installation: 'x'.repeat(64),
      runUuid: RUN,
      epoch: 999_999_999_999_999,
      number: 99_999,
      token: TOKEN,
    };
    expect(participantPreparedId(largest).length).toBeLessThan(200);
    expect(participantApplication(largest).length).toBeLessThanOrEqual(63);
  });

  it('are refused when they would not read back', () => {
    const parts = { installation: 'a_b', runUuid: RUN, epoch: 1, number: 0, token: TOKEN };
    expect(() => participantPreparedId(parts)).toThrow(TypeError);
    expect(() => participantPreparedId({ ...parts, installation: 'x'.repeat(200) })).toThrow(TypeError);
  });

  it('never change: other versions of the service find and wait for each other by them', () => {
    expect(participantPreparedId({ installation: 'abc', runUuid: RUN, epoch: 7, number: 2, token: TOKEN })).toBe(
      `eden_abc_${RUN}_7_2_${TOKEN}`,
    );
    expect(participantApplication({ runUuid: RUN, epoch: 7, number: 2 })).toBe(
      'eden/0e6bd3a66f0c4d1b9d6c0d8f9b0f3a11/7/2',
    );
    expect([gateKey(RUN), runKey(RUN), installKey()].map(String)).toEqual([
      '-8410541790353713728',
      '-1110539198069604892',
      '4013815965596543053',
    ]);
  });
});
