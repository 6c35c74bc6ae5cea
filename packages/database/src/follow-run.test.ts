import { describe, expect, it } from '@jest/globals';
import { asUuid, type OrganizationReader, type RunEvent } from '@eden/domain';
import { followRun } from './follow-run.js';
import type { Notifications } from './listen.js';

const RUN = asUuid('550e8400-e29b-41d4-a716-446655440001');
const SILENT: Notifications = { on: () => () => undefined, close: () => Promise.resolve() };
const HISTORY = ['queued', 'started', 'finished', 'contradicted'].map((type, index) => ({ sequence: index + 1, type }));

/** What comes, and whether that is all: whoever reads goes away after a while. */
async function follow(history: readonly object[], after = 0) {
  const reader = {
    runEvents: (_run: string, known: number) => Promise.resolve(history.slice(known) as unknown as RunEvent[]),
  } as unknown as OrganizationReader;
  const signal = AbortSignal.timeout(500);
  const read: number[][] = [];
  for await (const events of followRun(reader, SILENT, { runUuid: RUN, after, signal })) {
    read.push(events.map(({ sequence }) => sequence));
  }
  return { read, hasEnded: !signal.aborted };
}

describe('the stream of a run', () => {
  it('ends with the run', async () => {
    expect(await follow(HISTORY.slice(0, 3))).toEqual({ read: [[1, 2, 3]], hasEnded: true });
  });

  it('goes on while the run does', async () => {
    expect(await follow(HISTORY.slice(0, 2))).toEqual({ read: [[1, 2]], hasEnded: false });
  });

  it('ends where a database has contradicted the run since, whatever of that the reader knows', async () => {
    expect(await follow(HISTORY)).toEqual({ read: [[1, 2, 3, 4]], hasEnded: true });
    expect(await follow(HISTORY, 3)).toEqual({ read: [[4]], hasEnded: true });
  });
});
