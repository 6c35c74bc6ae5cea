import { describe, expect, it } from '@jest/globals';
import type { Blocker, TemplateSettings } from '@eden/domain';
import { EdenError } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { withRetries, type Retrying } from './with-retries.js';

const REPORT: Blocker = {
  pid: 7,
  user: 'postgres',
  application: 'nightly report',
  query: 'SELECT 1',
  age_ms: 1,
  database: 'shop',
  prepared_id: null,
};

const deps = {
  clock: { elapsedMs: () => 0, now: () => new Date(0), sleep: () => Promise.resolve() },
  chance: { fraction: () => 0.5 },
} as unknown as EngineDeps;

const scope = {
  session: {
    savepoint: () => Promise.resolve(),
    releaseSavepoint: () => Promise.resolve(),
    rollbackToSavepoint: () => Promise.resolve(),
  },
  lockTimeoutMs: 1_000,
  record: () => undefined,
  reportBlocked: () => undefined,
} as unknown as Retrying;

function lockTimeout(blockers: readonly Blocker[]): EdenError {
  return new EdenError('TEMPLATE_EXECUTION_FAILED', { sqlstate: '55P03', blockers }, { retryable: true });
}

/** The error of the last of `tries`, each of which sees these in its way. */
async function lastError(tries: readonly (readonly Blocker[])[]): Promise<unknown> {
  const settings: TemplateSettings = { retries: tries.length - 1 };
  const left = [...tries];
  const run = () => Promise.reject(lockTimeout(left.shift() ?? []));
  return withRetries(deps, scope, settings, { run }).catch((error: unknown) => error);
}

describe('the error of a statement that waited for a lock in vain', () => {
  it('names whoever was in the way last', async () => {
    const other = { ...REPORT, pid: 8 };
    expect(await lastError([[REPORT], [other]])).toMatchObject({ context: { sqlstate: '55P03', blockers: [other] } });
  });

  it('names whom an earlier try has seen where nobody looked in time', async () => {
    const error = await lastError([[], [REPORT], []]);
    expect(error).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED', retryable: true });
    expect(error).toMatchObject({ context: { sqlstate: '55P03', blockers: [REPORT] } });
  });

  it('names nobody where nobody was seen', async () => {
    expect(await lastError([[], []])).toMatchObject({ context: { blockers: [] } });
  });
});
