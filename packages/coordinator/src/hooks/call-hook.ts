import { EdenError } from '@eden/domain';
import type {
  CallableHook,
  Hook,
  HookAction,
  HookAnswer,
  Migration,
  Origin,
  OrganizationTransactor,
  Ref,
  Run,
} from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { acceptRun } from '../runs/request-run.js';

/** What was signed. */
export interface HookCall {
  readonly caller: CallableHook;
  /** Tells this signed call from every other. */
  readonly digest: string;
  readonly migration: Ref;
  readonly action: HookAction;
  readonly origin: Origin;
}

export interface HookedRun {
  readonly run: Run;
  readonly answer: HookAnswer;
}

/**
 * Starts what a signed call asks for, joins it where it is under way, and answers with the finished run where it is done.
 * The answer is kept in the transaction of the run: the same call again gets it again, and starts nothing.
 * @throws EdenError HOOK_NOT_ALLOWED, MIGRATION_NOT_FOUND, and what requestRun throws: then nothing is kept, and the call
 *         may be made again
 */
export function callHook(deps: Pick<CoordinatorDeps, 'store' | 'telemetry'>, call: HookCall): Promise<HookedRun> {
  const { organizationUuid, hook } = call.caller;
  return deps.store.organization(organizationUuid).transact(async (tx) => {
    const earlier = await tx.beginHookCall(hook.uuid, call.digest);
    if (earlier !== null) return { run: await tx.run(earlier.runUuid), answer: earlier };
    const { run, status } = await perform(tx, call, deps.telemetry.traceparent());
    const answer = await tx.answerHookCall(hook.uuid, call.digest, { runUuid: run.uuid, status });
    const data = { hook_uuid: hook.uuid, run_uuid: run.uuid, action: call.action };
    await tx.audit({ actor: actorOf(hook), origin: call.origin, action: 'hook.call', subject: run.migrationId, data });
    return { run, answer };
  });
}

/** In runs and in the audit. No user has a colon in the name. */
function actorOf({ id }: Hook): string {
  return `hook:${id}`;
}

async function perform(
  tx: OrganizationTransactor,
  { caller: { hook }, migration: ref, action, origin }: HookCall,
  traceparent: string | null,
): Promise<{ readonly run: Run; readonly status: HookAnswer['status'] }> {
  const { uuid } = assertAllowed(hook, await tx.migration(ref), action);
  const unfinished = await tx.unfinishedRuns(uuid);
  const finished = await finishedRun(tx, await tx.migration(uuid));
  if (finished !== null) return { run: finished, status: 200 };
  const request = { overrides: {}, actor: actorOf(hook), origin, traceparent };
  const isUnderWay = unfinished.some(({ kind }) => kind === 'migrate');
  if (action !== 'migrate' && !(action === 'sync_and_migrate' && isUnderWay)) {
    const sync = await acceptRun(tx, uuid, { kind: 'sync', ...request });
    if (action === 'sync') return { run: sync, status: 202 };
  }
  return { run: await acceptRun(tx, uuid, { kind: 'migrate', ...request }), status: 202 };
}

function assertAllowed(hook: Hook, migration: Migration, action: HookAction): Migration {
  const { migrations, actions } = hook;
  const isKnown = migrations.length === 0 || migrations.includes(migration.id) || migrations.includes(migration.uuid);
  if (!isKnown) throw new EdenError('HOOK_NOT_ALLOWED', { migration_id: migration.id, allowed_migrations: migrations });
  if (actions.length > 0 && !actions.includes(action)) {
    throw new EdenError('HOOK_NOT_ALLOWED', { action, allowed_actions: actions });
  }
  return migration;
}

/** Of a migration that is done, and stays so until somebody rolls it back. */
async function finishedRun(tx: OrganizationTransactor, { uuid, state }: Migration): Promise<Run | null> {
  return state === 'Completed' ? tx.latestRun(uuid, 'migrate') : null;
}
