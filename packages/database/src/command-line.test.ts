import { describe, expect, it } from '@jest/globals';
import { placeOptions } from './command-line.js';

const DATABASE_URL = 'postgresql://here/eden';

describe('what a command of the control database is told', () => {
  it('may name the installation', () => {
    expect(placeOptions({ DATABASE_URL, EDEN_INSTALLATION: ' eden-1 ' })).toMatchObject({ installationName: 'eden-1' });
    expect(placeOptions({ DATABASE_URL, EDEN_INSTALLATION: '' }).installationName).toBeUndefined();
  });

  it.each([
    [{}, /^DATABASE_URL is missing/],
    [{ DATABASE_URL, EDEN_INSTALLATION: 'a b' }, /^EDEN_INSTALLATION is not valid/],
  ])('is refused where it is missing or bad: %j', (env, message) => {
    expect(() => placeOptions(env)).toThrow(message);
  });
});
