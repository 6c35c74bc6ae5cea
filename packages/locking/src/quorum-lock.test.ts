import { describe, expect, it } from '@jest/globals';
import Redlock, { ExecutionError, Lock, ResourceLockedError } from 'redlock';

describe('trap 8: the types of redlock cannot be reached, so we declare them', () => {
  it.each(['acquire', 'extend', 'release', '_random'])('its %s is the method that we declare', (method) => {
    expect(typeof Reflect.get(Redlock.prototype, method)).toBe('function');
  });

  it.each([
    ['Lock', Lock],
    ['ExecutionError', ExecutionError],
    ['ResourceLockedError', ResourceLockedError],
  ])('its %s is the class that we declare', (name, type) => {
    expect(type).toHaveProperty('name', name);
  });
});
