import { describe, expect, it } from '@jest/globals';
import { EdenError, asUuid } from '@eden/domain';
import type { Ownership } from '../control/ownership.js';
import type { EngineDeps } from '../deps.js';
import type { Progress } from './progress.js';
import { Recorder } from './recorder.js';

const API = asUuid('00000000-0000-4000-8000-000000000001');

function recorderOver(recordApis: () => Promise<void>): Recorder {
  const deps = {
    journal: { recordApis },
    clock: { after: () => () => undefined },
    telemetry: { log: { warn: () => undefined } },
    settings: { leaseMs: 1 },
  };
  const ownership = { current: { run: { uuid: API } } };
  const progress = { of: () => ({}) };
  return new Recorder(
    deps as unknown as EngineDeps,
    ownership as unknown as Ownership,
    progress as unknown as Progress,
  );
}

describe('the records of an attempt', () => {
  it('end with what has stopped them, also when something is noted afterwards', async () => {
    const recorder = recorderOver(() => Promise.reject(new EdenError('FENCED', {})));
    recorder.note(API);
    await new Promise((resolve) => setImmediate(resolve));
    recorder.note(API);
    await expect(recorder.flush()).rejects.toMatchObject({ code: 'FENCED' });
  });

  it('stop although something is noted afterwards', async () => {
    const recorder = recorderOver(() => Promise.resolve());
    await recorder.stop();
    recorder.note(API);
    await expect(recorder.flush()).rejects.toThrow('could not be recorded');
  });
});
