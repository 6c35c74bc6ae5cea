import { expect, it } from '@jest/globals';
import { asUuid, EdenError } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import type { Ownership } from '../control/ownership.js';
import type { Progress } from './progress.js';
import { Recorder } from './recorder.js';

const API = asUuid('00000000-0000-4000-8000-000000000001');
const RUN = asUuid('00000000-0000-4000-8000-000000000002');

/** A recorder whose journal refuses every record, or takes each (null), and then no time passes but by hurry. */
function recorderWith(error: EdenError | null) {
  const sent: unknown[] = [];
  const untilAborted = (signal: AbortSignal) =>
    new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve())));
  const deps = {
    settings: { leaseMs: 50 },
    clock: {
      after: (ms: number, work: () => void) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
      sleep: (ms: number, signal: AbortSignal) =>
        error === null ? untilAborted(signal) : new Promise((resolve) => setTimeout(resolve, ms)),
    },
    chance: { fraction: () => 0 },
    telemetry: { log: { warn: () => undefined } },
    journal: {
      recordApis: (_: unknown, changes: unknown) => {
        sent.push(changes);
        return error === null ? Promise.resolve() : Promise.reject(error);
      },
    },
  } as unknown as EngineDeps;
  const ownership = { current: { run: { uuid: RUN } } } as unknown as Ownership;
  const progress = { take: (api: unknown) => ({ api, changed: [] }), putBack: () => undefined } as unknown as Progress;
  return { recorder: new Recorder(deps, ownership, progress), sent };
}

/** As long as other work of the process gets its turn. */
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

// Protocol: I5
it('whose record was refused tells it, whatever is noted afterwards, and keeps nothing else of the process waiting', async () => {
  const { recorder, sent } = recorderWith(new EdenError('FENCED'));
  recorder.note(API);
  await aMoment();
  recorder.note(API);
  await expect(recorder.flush()).rejects.toMatchObject({ code: 'FENCED' });
  expect(sent).toHaveLength(1);
});

it('that has waited for its records long enough, or was stopped, says so, whatever is noted afterwards', async () => {
  const { recorder } = recorderWith(new EdenError('SERVICE_UNAVAILABLE'));
  recorder.note(API);
  await recorder.stop();
  recorder.note(API);
  await expect(recorder.flush()).rejects.toThrow('its progress could not be recorded');
});

it('writes the first change at once, what follows together, and all of it before the votes', async () => {
  const { recorder, sent } = recorderWith(null);
  recorder.note(API);
  for (let count = 0; count < 5; count += 1) {
    await aMoment();
    expect(sent).toHaveLength(1);
    recorder.note(API);
  }
  await recorder.flush();
  expect(sent).toHaveLength(2);
});
