import { EdenError, resolutionOf } from '@eden/domain';
import type { OrganizationTransactor, Run, RunResolution, RunStepName } from '@eden/domain';
import { Prisma } from '../generated/client.js';
import { forgetGates, noteGates } from '../journal/gates.js';
import { moveMembers } from '../journal/outcome.js';
import { takeStep } from '../journal/transition.js';
import type { Scope } from '../scope.js';

export function runResolution(scope: Scope): Pick<OrganizationTransactor, 'resolveRun'> {
  return { resolveRun: (run, resolution) => resolveRun(scope, run, resolution) };
}

const STEPS = { commit: 'resolveCommit', abort: 'resolveAbort' } as const satisfies Record<string, RunStepName>;

/** The evidence stays in the history and in the audit; a run that has succeeded has no error. */
const ERRORS = { commit: Prisma.sql`error = NULL`, abort: Prisma.sql`error = error` } as const;

/** Under the lock of the migration. The raised epoch fences whoever may still believe that the run is theirs. */
async function resolveRun({ db, organizationUuid }: Scope, run: Run, resolution: RunResolution): Promise<void> {
  const { decision } = resolution;
  const { uuid, kind, migrationUuid } = run;
  const epoch = run.epoch + 1;
  const isDecided = run.error?.context['decided'] === true;
  const outcome = resolutionOf(kind, decision, isDecided);
  const state = outcome.migration === 'same' ? {} : { state: outcome.migration };
  await db.migration.update({ where: { uuid: migrationUuid }, data: { ...state, epoch }, select: { uuid: true } });
  await moveMembers(db, migrationUuid, outcome);
  if (decision === 'commit' && !isDecided) await noteGates(db, { uuid, organizationUuid });
  if (decision === 'abort' && isDecided) await forgetGates(db, { uuid, organizationUuid });
  const change = { epoch, set: ERRORS[decision], data: { resolved: resolution } };
  if (!(await takeStep(db, { run }, STEPS[decision], change)))
    throw new EdenError('RUN_NOT_IN_DOUBT', { run_uuid: uuid });
}
