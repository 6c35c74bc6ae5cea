import { describe, expect, it } from '@jest/globals';
import { parseJob } from './job-catalogue.js';

const RUN = '550e8400-e29b-41d4-a716-446655440000';

describe('parseJob', () => {
  it('reads the ids of a run job and nothing else', () => {
    expect(parseJob('run', 'run', { runUuid: RUN, more: 'ignored' })).toEqual({ runUuid: RUN });
  });

  it.each<[string, unknown]>([
    ['run', null],
    ['run', {}],
    ['run', { runUuid: 'x' }],
    ['run', { runUuid: 7 }],
    ['other', { runUuid: RUN }],
  ])('refuses a job %s with %j', (name, data) => {
    expect(parseJob('run', name, data)).toBeNull();
  });
});
