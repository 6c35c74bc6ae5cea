import pMap from 'p-map';
import { FATES, standingOf } from '@eden/domain';
import type { RunParticipant, RunStanding, Settlement, Trace } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { atParticipant } from '../participants/settlement.js';
import { contradict } from './contradiction.js';

/** Runs looked at in one round. */
const RUNS_AT_ONCE = 20;

/**
 * Compares finished runs with the ledgers of their targets, those first that were looked at longest ago, and tells what
 * does not fit: a target, or the control database, has lost what it had acknowledged.
 */
export async function auditRuns(deps: EngineDeps): Promise<void> {
  const runs = await deps.journal.nextToAudit(RUNS_AT_ONCE, deps.settings.keptDays);
  await pMap(runs, (run) => auditRun(deps, run), { concurrency: deps.settings.maxParallel });
}

async function auditRun(deps: EngineDeps, run: RunStanding): Promise<void> {
  const endpointUuids = run.participants.map(({ endpointUuid }) => endpointUuid);
  const endpoints = await deps.journal.reader(run.organizationUuid).endpointsByUuid(endpointUuids);
  for (const row of run.participants) {
    const endpoint = endpoints.get(row.endpointUuid);
    if (endpoint === undefined) continue;
    try {
      const installation = await deps.journal.installation();
      const trace = await atParticipant(deps, { row, endpoint, mayHaveMoved: true }, (there) =>
        traceOf(there, { run, installation }),
      );
      await judge(deps, run, { row, endpointId: endpoint.id, trace });
    } catch (error) {
      deps.telemetry.log.warn('target not compared with a finished run', {
        run: run.uuid,
        endpoint: endpoint.id,
        error,
      });
    }
  }
}

/** Of the attempt that the run has ended with, or of any where it has ended without one. */
async function traceOf(
  settlement: Settlement,
  { run, installation }: { readonly run: RunStanding; readonly installation: string },
): Promise<Trace> {
  const isOfRun = (found: { readonly token: string }): boolean => run.token === '' || found.token === run.token;
  const prepared = await settlement.listPrepared(installation);
  if (prepared.some((found) => found.runUuid === run.uuid && isOfRun(found))) return 'prepared';
  const ledger = await settlement.readLedger(run.uuid);
  return ledger.some(isOfRun) ? 'missing with ledger' : 'missing without';
}

interface Compared {
  readonly row: RunParticipant;
  readonly endpointId: string;
  readonly trace: Trace;
}

/** What is prepared is the sweep's. */
async function judge(deps: EngineDeps, run: RunStanding, { row, endpointId, trace }: Compared): Promise<void> {
  if (trace === 'prepared' || FATES[standingOf(run, false)][trace] !== 'report') return;
  const details =
    trace === 'missing without'
      ? 'The run has succeeded, and the database knows nothing of it: it has lost transactions'
      : 'The run has not succeeded, and the database has committed it: the control database has lost transactions';
  await contradict(deps, run.uuid, run, { database: row.database.name, endpointId, trace, details });
}
