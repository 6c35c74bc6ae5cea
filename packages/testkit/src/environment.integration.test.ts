import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '@eden/sandbox';

class OwnError extends Error {}

async function systemError(): Promise<unknown> {
  return once(connect(await freePort(), '127.0.0.1'), 'connect').catch((error: unknown) => error);
}

it('errors of Node are errors here as in production, and of no class of ours', async () => {
  const error = await systemError();
  expect(error instanceof Error).toBe(true);
  expect(error instanceof TypeError).toBe(false);
  expect(error instanceof OwnError).toBe(false);
  expect(new OwnError() instanceof OwnError).toBe(true);
  expect({ message: 'looks like one' } instanceof Error).toBe(false);
});

it('and keep their kind', () => {
  let thrown: unknown;
  try {
    connect({ port: 65_536 });
  } catch (error) {
    thrown = error;
  }
  expect(thrown instanceof RangeError).toBe(true);
  expect(thrown instanceof TypeError).toBe(false);
});
