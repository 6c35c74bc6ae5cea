import { EdenError, type OrganizationTransactor, type Run, type RunResolution } from '@eden/domain';
import { Prisma } from '../generated/client.js';
import { applyDefinitions } from '../journal/definitions.js';
import { appendEvent, finished } from '../journal/transition.js';
import type { Scope } from '../scope.js';

export function runResolution(scope: Scope): Pick<OrganizationTransactor, 'resolveRun'> {
  return { resolveRun: (run, resolution) => resolveRun(scope, run, resolution) };
}

/** Under the lock of the migration. The raised epoch fences whoever may still believe that the run is theirs. */
async function resolveRun({ db }: Scope, run: Run, resolution: RunResolution): Promise<void> {
  const { decision } = resolution;
  const epoch = run.epoch + 1;
  const isDecided = run.error?.context['decided'] === true;
  if (decision === 'commit' && !isDecided) await applyDefinitions(db, run);
  if (decision === 'abort' && isDecided) await applyDefinitions(db, opposite(run));
  const state = stateAfter(run, resolution);
  const { migrationUuid } = run;
  await db.migration.update({ where: { uuid: migrationUuid }, data: { state, epoch }, select: { uuid: true } });
  // A failed migration keeps its APIs, to be tried again.
  if (state !== 'Failed') await db.membership.updateMany({ where: { migrationUuid }, data: { active: false } });
  await end(db, run, epoch, resolution);
}

async function end(db: Scope['db'], run: Run, epoch: number, resolution: RunResolution): Promise<void> {
  const state = resolution.decision === 'commit' ? 'succeeded' : 'failed';
  // The evidence stays in the history and in the audit; a run that has succeeded has no error.
  const error = state === 'succeeded' ? Prisma.sql`NULL` : Prisma.sql`error`;
  const ended = await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET ${finished(state)}, epoch = ${epoch}, error = ${error}, event_count = event_count + 1
       WHERE uuid = ${run.uuid}::uuid AND epoch = ${run.epoch} AND state = 'in_doubt'
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent('finished', { state, resolved: resolution })}`);
  if (ended !== 1) throw new EdenError('RUN_NOT_IN_DOUBT', { run_uuid: run.uuid });
}

/** What takes back what the run has done to the definitions. */
function opposite({ kind, migrationUuid }: Run): Pick<Run, 'kind' | 'migrationUuid'> {
  return { kind: kind === 'rollback' ? 'migrate' : 'rollback', migrationUuid };
}

function stateAfter({ kind }: Run, { decision }: RunResolution): 'Completed' | 'Failed' | 'Rolled Back' {
  if (kind === 'rollback') return decision === 'commit' ? 'Rolled Back' : 'Completed';
  return decision === 'commit' ? 'Completed' : 'Failed';
}
