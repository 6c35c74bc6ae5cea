import type pg from 'pg';
import { driverStateOf } from './driver-state.js';

/** Sends queries without waiting for the answer to the one ahead; waits for all of them. */
export async function sentTogether<T>(
  client: pg.ClientBase,
  send: () => readonly Promise<T>[],
): Promise<readonly PromiseSettledResult<T>[]> {
  const state = driverStateOf(client);
  state.pipeline = true;
  try {
    return await Promise.allSettled(send());
  } finally {
    state.pipeline = false;
  }
}
