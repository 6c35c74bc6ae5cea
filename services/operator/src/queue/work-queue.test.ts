import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { WorkQueue, type Again } from './work-queue.js';

const timing = { firstProgressMs: 100, longestProgressMs: 1_000, firstBackoffMs: 100, longestBackoffMs: 1_000 };

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A queue whose looks end when the test says so, and how often each key was looked at. */
function queueOf(next: () => Again | Promise<Again>, concurrency = 2) {
  const looks: string[] = [];
  const queue = new WorkQueue({
    handle: async (key) => {
      looks.push(key);
      return next();
    },
    concurrency,
    timing,
  });
  return { queue, looks };
}

test('what fails is tried again for ever, at intervals that grow to a limit', async () => {
  const { queue, looks } = queueOf(() => ({ after: 'backoff' }));
  queue.add('a');
  await jest.advanceTimersByTimeAsync(100 + 200 + 400 + 800);
  expect(looks).toHaveLength(5);
  await jest.advanceTimersByTimeAsync(100_000);
  expect(looks).toHaveLength(105);
  await queue.stop();
});

test('after a success the intervals begin anew', async () => {
  const answers: Again[] = [{ after: 'backoff' }, { after: 'backoff' }, { after: 'change' }, { after: 'backoff' }];
  const { queue, looks } = queueOf(() => answers.shift() ?? { after: 'change' });
  queue.add('a');
  await jest.advanceTimersByTimeAsync(300);
  expect(looks).toHaveLength(3);
  queue.add('a');
  await jest.advanceTimersByTimeAsync(100);
  expect(looks).toHaveLength(5);
  await queue.stop();
});

test('a change wakes what waits, and counts once however often it is told', async () => {
  const { queue, looks } = queueOf(() => ({ after: 'delay', ms: 1_000_000 }));
  queue.add('a');
  await jest.advanceTimersByTimeAsync(0);
  for (let told = 0; told < 5; told += 1) queue.add('a');
  await jest.advanceTimersByTimeAsync(0);
  // One that the first of them began, and one for those that came while it was under way.
  expect(looks).toEqual(['a', 'a', 'a']);
  await queue.stop();
});

test('one key is looked at by one, and once more when it changes meanwhile', async () => {
  const ends: (() => void)[] = [];
  const { queue, looks } = queueOf(() => new Promise((resolve) => ends.push(() => resolve({ after: 'change' }))));
  for (const key of ['a', 'a', 'b', 'c']) queue.add(key);
  await jest.advanceTimersByTimeAsync(0);
  expect(looks).toEqual(['a', 'b']);
  ends[0]?.();
  await jest.advanceTimersByTimeAsync(0);
  expect(looks).toEqual(['a', 'b', 'a']);
  ends[2]?.();
  await jest.advanceTimersByTimeAsync(0);
  expect(looks).toEqual(['a', 'b', 'a', 'c']);
});

test('stop waits for the looks under way, and begins no others', async () => {
  const ends: (() => void)[] = [];
  const { queue, looks } = queueOf(() => new Promise((resolve) => ends.push(() => resolve({ after: 'backoff' }))));
  for (const key of ['a', 'b', 'c']) queue.add(key);
  let isStopped = false;
  const stopped = queue.stop().then(() => (isStopped = true));
  ends[0]?.();
  await jest.advanceTimersByTimeAsync(100_000);
  expect(isStopped).toBe(false);
  ends[1]?.();
  await stopped;
  await jest.advanceTimersByTimeAsync(100_000);
  expect(looks).toEqual(['a', 'b']);
});
