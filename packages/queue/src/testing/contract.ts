import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { asUuid, type JobOutcome, type JobProducer, type Uuid } from '@eden/domain';
import { eventually } from '@eden/testkit';

/** A queue as the contract sees it. */
export interface QueueUnderTest {
  readonly name: string;
  producer(): JobProducer;
  /** A worker that takes as many jobs at a time. */
  consume(slots: number, handle: (run: Uuid) => Promise<JobOutcome>): Consuming;
  /** It has lost its memory. */
  empty(): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface Consuming {
  /** The worker dies in the middle of what it does. */
  kill(): Promise<void>;
}

const DONE: JobOutcome = { kind: 'done' };
const newUuid = (): Uuid => asUuid(randomUUID());

/** At least once, and nothing more. */
const CASES: readonly { readonly name: string; run(queue: QueueUnderTest): Promise<void> }[] = [
  { name: 'hands on every job, each message once while it is known', run: handsOn },
  { name: 'brings back what is to come later, and what has failed', run: bringsBack },
  { name: 'gives the job of a worker that has died to another one', run: outlivesWorkers },
  { name: 'knows which jobs wait, and none once it has lost its memory', run: losesMemory },
];

/** What a queue has to do: BullMQ over Redis, or the simulation's in memory. */
export function describeQueueContract(queue: QueueUnderTest): void {
  // Protocol: I17
  describe(`the queue of ${queue.name}`, () => {
    afterEach(() => queue.reset());
    afterAll(() => queue.close());
    for (const { name, run } of CASES) it(name, () => run(queue));
  });
}

async function handsOn(queue: QueueUnderTest): Promise<void> {
  const [first, second, message] = [newUuid(), newUuid(), newUuid()];
  const handled: Uuid[] = [];
  queue.consume(4, (run) => {
    handled.push(run);
    return Promise.resolve(DONE);
  });
  for (const id of [message, message]) await queue.producer().send(id, first);
  await queue.producer().send(newUuid(), second);
  await eventually(() => expect(handled.toSorted()).toEqual([first, second].toSorted()));
}

async function bringsBack(queue: QueueUnderTest): Promise<void> {
  const answers: (() => JobOutcome)[] = [
    () => ({ kind: 'later', delayMs: 20 }),
    () => {
      throw new RangeError('a job that fails');
    },
  ];
  const handled: Uuid[] = [];
  queue.consume(1, async (run) => {
    handled.push(run);
    return Promise.resolve(answers[handled.length - 1]?.() ?? DONE);
  });
  const run = newUuid();
  await queue.producer().send(newUuid(), run);
  await eventually(() => expect(handled).toEqual([run, run, run]));
}

async function outlivesWorkers(queue: QueueUnderTest): Promise<void> {
  const handled: string[] = [];
  const first = queue.consume(1, () => {
    handled.push('first');
    return new Promise(() => undefined);
  });
  await queue.producer().send(newUuid(), newUuid());
  await eventually(() => expect(handled).toEqual(['first']));
  queue.consume(1, () => {
    handled.push('second');
    return Promise.resolve(DONE);
  });
  await first.kill();
  await eventually(() => expect(handled).toEqual(['first', 'second']));
}

async function losesMemory(queue: QueueUnderTest): Promise<void> {
  const [producer, message, run] = [queue.producer(), newUuid(), newUuid()];
  await producer.send(message, newUuid());
  expect(await producer.waiting([newUuid(), message])).toEqual([message]);
  await queue.empty();
  expect(await producer.waiting([message])).toEqual([]);
  const handled: Uuid[] = [];
  queue.consume(1, (each) => {
    handled.push(each);
    return Promise.resolve(DONE);
  });
  await producer.send(newUuid(), run);
  await eventually(() => expect(handled).toEqual([run]));
}
