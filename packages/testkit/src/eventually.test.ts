import { expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

it('waits until a check holds and hands on its value', async () => {
  let calls = 0;
  const value = await eventually(
    () => {
      calls += 1;
      expect(calls).toBe(3);
      return 'there';
    },
    { intervalMs: 1 },
  );
  expect(value).toBe('there');
});

it('throws the last failure when the time is over', async () => {
  const never = eventually(() => expect('pending').toBe('done'), { timeoutMs: 5, intervalMs: 1 });
  await expect(never).rejects.toThrow('done');
});
