import { describe, expect, it } from '@jest/globals';
import type { ForgottenRun, JobProducer, OutboxStore, Uuid } from '@eden/domain';
import { callForgotten } from './relay-outbox.js';

/** Runs and their last messages; answers what was done about them. */
async function call(forgotten: readonly ForgottenRun[], inQueue: readonly string[]) {
  const done = { asked: [] as string[], stillWaiting: [] as string[], requeued: [] as string[] };
  const outbox = {
    forgotten: () => Promise.resolve(forgotten),
    stillWaiting: (messages: readonly Uuid[]) => Promise.resolve(void done.stillWaiting.push(...messages)),
    requeueForgotten: (_: number, runs: readonly Uuid[]) => Promise.resolve(done.requeued.push(...runs)),
  } as unknown as OutboxStore;
  const producer = {
    waiting: (messages: readonly Uuid[]) => {
      done.asked.push(...messages);
      return Promise.resolve(messages.filter((message) => inQueue.includes(message)));
    },
  } as unknown as JobProducer;
  return { called: await callForgotten(outbox, producer, 1_000), ...done };
}

const run = (n: number, lastMessage: string | null): ForgottenRun => ({
  runUuid: `run-${n}` as Uuid,
  lastMessage: lastMessage as Uuid | null,
});

// Protocol: I17
describe('runs that were forgotten', () => {
  it('are called again, but for those whose job still waits in the queue', async () => {
    const runs = [run(1, 'waits'), run(2, 'lost'), run(3, null)];
    expect(await call(runs, ['waits'])).toEqual({
      called: 2,
      asked: ['waits', 'lost'],
      stillWaiting: ['waits'],
      requeued: ['run-2', 'run-3'],
    });
  });

  it('cost the queue nothing where there are none', async () => {
    expect(await call([], [])).toEqual({ called: 0, asked: [], stillWaiting: [], requeued: [] });
  });
});
