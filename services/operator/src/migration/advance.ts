import { ApiError, answerOf, type Connection, type Plan, type Run, type VerboseMigration } from '@eden/client';
import {
  deleteSource,
  hasSteps,
  listSources,
  putSource,
  reachEndpoints,
  readPlan,
  startRun,
  type Desired,
  type ReleaseDecision,
} from '@eden/reconcile';
import type { Cluster } from '../kubernetes/cluster.js';
import { connectBy } from '../reconcile/connect.js';
import { conditionOf } from '../resources/conditions.js';
import { requestHash, runKey, specHash } from '../resources/hashes.js';
import type { Attempt, EdenMigration, RunStatus } from '../resources/objects.js';
import { findApproval } from './approvals.js';
import { inputsOf, lineOf } from './inputs.js';
import { judgeEarlier, judgeRun, type FailureRules } from './judge-run.js';
import { done, stalled, suspended, waiting, working, type Facts, type Outcome } from './outcome.js';
import { lookAtLine, settle } from './settle.js';

export interface MigrationDeps extends FailureRules {
  readonly cluster: Pick<Cluster, 'read' | 'list' | 'readSecret' | 'readConfigMap'>;
}

/** One request, and what is known of it. */
interface Request {
  readonly deps: MigrationDeps;
  readonly migration: EdenMigration;
  readonly connection: Connection;
  readonly desired: Desired;
  /** Digest of the versions of Secrets that it is from. */
  readonly secrets: string;
  readonly specHash: string;
  readonly attempt: Attempt;
}

/**
 * Looks at the line of releases and takes the next step towards what the object says; never waits for a run. Called again,
 * by this process or by another one after it was killed, it goes on from what the service has.
 * @throws Obstacle, ApiError, UnreachableError
 */
export async function advance(deps: MigrationDeps, migration: EdenMigration): Promise<Outcome> {
  const { spec, status = {}, metadata } = migration;
  if (spec.suspend) return suspended();
  const line = lineOf(migration);
  if (status.migrationId !== undefined && status.migrationId !== line) {
    return stalled('MigrationIdChanged', `it was ${status.migrationId} and is ${line}`);
  }
  const connection = await connectBy(deps.cluster, metadata.namespace, spec.connectionRef.name);
  const { desired, secrets } = await inputsOf(deps.cluster, migration);
  const hash = specHash(spec, desired.sources);
  const of = requestHash(migration, hash);
  const { attempt } = status;
  if (attempt?.of !== of) return begin(connection, desired, { specHash: hash, of });
  return goOn({ deps, migration, connection, desired, secrets, specHash: hash, attempt });
}

/** Notes what the release has run before, so that its outcome is not taken for this request's. */
async function begin(
  connection: Connection,
  desired: Desired,
  { specHash: hash, of }: { readonly specHash: string; readonly of: string },
): Promise<Outcome> {
  const last = (await lookAtLine(connection, desired))?.run;
  const attempt = { of, failures: 0, ...(last === null || last === undefined ? {} : { after: last.uuid }) };
  const facts: Facts = {
    specHash: hash,
    attempt,
    synced: { status: 'False', reason: 'NotSynced' },
    approved: { status: 'Unknown', reason: 'Waiting' },
    completed: { status: 'False', reason: 'NotStarted' },
  };
  return { ...working('Starting', '', facts), again: { after: 'delay', ms: 0 } };
}

async function goOn(request: Request): Promise<Outcome> {
  const { connection, desired, migration } = request;
  const isCompleted = conditionOf(migration.status?.conditions, 'Completed')?.status === 'True';
  const settled = await settle(connection, desired, { hasRunAll: isCompleted });
  if (settled === null) return working('Preparing', 'The service is other than the spec again and again');
  const { decision, current } = settled;
  if (decision.kind === 'watch') return watch(request, decision.release, decision.run);
  if (mayHaveOldSecrets(request, decision)) await giveSecrets(request);
  const outcome = await step(request, decision, current);
  return { ...outcome, facts: { ...outcome.facts, secrets: request.secrets } };
}

/** Whether a Secret has changed since the gateway was given its values; the first sync gives them itself. */
function mayHaveOldSecrets({ migration, secrets }: Request, { kind }: ReleaseDecision): boolean {
  const given = migration.status?.secrets;
  return given === undefined ? kind === 'nothing' : given !== secrets;
}

/** The gateway gets them as soon as they are seen, whether or not there is anything to run. */
async function giveSecrets({ connection, desired, migration }: Request): Promise<void> {
  const { endpoints = [] } = migration.spec;
  const withSecrets = new Set(endpoints.filter(({ configFrom = [] }) => configFrom.length > 0).map(({ id }) => id));
  await reachEndpoints(
    connection,
    desired.endpoints.filter(({ id }) => withSecrets.has(id)),
  );
}

async function step(
  request: Request,
  decision: Exclude<ReleaseDecision, { kind: 'watch' }>,
  current: VerboseMigration | undefined,
): Promise<Outcome> {
  switch (decision.kind) {
    case 'nothing':
      return done('Completed', `${decision.release} is completed`, completedFacts(request, decision.release, current));
    case 'migrate':
      if (current === undefined) return working('Preparing', `${decision.release} is made`);
      return run(request, current);
  }
}

function completedFacts({ migration }: Request, release: string, current: VerboseMigration | undefined): Facts {
  return {
    release,
    ...(current?.run == null ? {} : { run: statusOf(current.run) }),
    synced: { status: 'True', reason: 'SyncSucceeded' },
    approved: { status: 'True', reason: migration.spec.approval === 'Automatic' ? 'NotRequired' : 'Accepted' },
    completed: { status: 'True', reason: 'Completed', message: `${release} is completed` },
  };
}

function statusOf({ uuid, kind, state }: Run): RunStatus {
  return { uuid, kind, state };
}

function watch({ attempt }: Request, release: string, run: Run): Outcome {
  const facts: Facts = { release, attempt, run: statusOf(run) };
  if (run.state === 'in_doubt') {
    const message = `Run ${run.uuid} of ${release} is in doubt: "eden migrations resolve ${release}"`;
    return stalled('InDoubt', message, { ...facts, completed: { status: 'False', reason: 'InDoubt', message } });
  }
  const message = `Run ${run.uuid} of ${release}`;
  if (run.kind === 'sync') return working('Syncing', message, facts);
  const reason = run.kind === 'migrate' ? 'Migrating' : 'RollingBack';
  return working(reason, message, { ...facts, completed: { status: 'False', reason, message } });
}

/** The release is as the spec says: what its last run says, then sync, approval and migrate. */
async function run(request: Request, current: VerboseMigration): Promise<Outcome> {
  const { deps, migration, connection, attempt } = request;
  const verdict = judgeRun(deps, migration.spec, attempt, current) ?? judgeEarlier(migration.status, current.id);
  if (verdict !== null) return verdict;
  const plan = await readPlan(connection, current.id);
  const planned = plannedAttempt(attempt, current, plan);
  if (plan === null || planned === null) return sync(request, current.id);
  return migrate({ ...request, attempt: planned }, current.id, plan);
}

/** Null when there is no plan of this request that still fits. */
function plannedAttempt(attempt: Attempt, { run, state }: VerboseMigration, plan: Plan | null): Attempt | null {
  if (plan === null || !plan.current || state !== 'Pending') return null;
  if (attempt.planHash === plan.hash) return attempt;
  const isOurs = run?.kind === 'sync' && run.state === 'succeeded' && run.uuid === attempt.syncRun;
  return isOurs ? { ...attempt, planHash: plan.hash } : null;
}

async function sync({ connection, desired, attempt }: Request, release: string): Promise<Outcome> {
  await reachEndpoints(connection, desired.endpoints);
  await sendSources(connection, desired, release);
  const uuid = await startRun(connection, release, 'sync');
  const { planHash: _, ...rest } = attempt;
  return working('Syncing', `Run ${uuid} of ${release}`, {
    release,
    attempt: { ...rest, syncRun: uuid },
    run: { uuid, kind: 'sync', state: 'queued' },
    synced: { status: 'False', reason: 'Syncing' },
  });
}

/** The release has the folders of the spec, and no others. */
async function sendSources(connection: Connection, { sources }: Desired, release: string): Promise<void> {
  const wanted = new Set(sources.map(({ id }) => id));
  for (const { id } of await listSources(connection, release)) {
    if (!wanted.has(id)) await deleteSource(connection, release, id);
  }
  for (const source of sources) await putSource(connection, release, source);
}

async function migrate(request: Request, release: string, plan: Plan): Promise<Outcome> {
  const { deps, migration, desired, attempt } = request;
  const { action = 'Migrate' } = migration.spec.execution ?? {};
  const facts: Facts = {
    release,
    attempt,
    planHash: plan.hash,
    synced: { status: 'True', reason: 'SyncSucceeded', message: `Plan ${plan.hash}` },
  };
  if (action === 'Sync') return done('SyncSucceeded', `${release} is planned`, facts);
  if (!hasSteps(plan) && !desired.apis.some(({ next }) => next !== undefined)) {
    const completed = { status: 'True', reason: 'NothingToDo' } as const;
    return done('NothingToDo', `${release} has nothing to run`, { ...facts, completed });
  }
  const approved = await findApproval(deps.cluster, migration, {
    specHash: request.specHash,
    planHash: plan.hash,
    release,
  });
  if (approved.status !== 'True') {
    return waiting('AwaitsApproval', approved.message ?? '', { ...facts, approved }, { after: 'change' });
  }
  return start(request, release, { ...facts, approved }, plan.hash);
}

async function start(request: Request, release: string, facts: Facts, planHash: string): Promise<Outcome> {
  const { deps, migration, connection, attempt } = request;
  const { of, failures } = attempt;
  try {
    const uuid = await startRun(connection, release, 'migrate', {
      key: runKey(migration, { request: of, release, planHash, failures }),
    });
    const run = (await answerOf(connection.GET('/api/v1/runs/{run}', { params: { path: { run: uuid } } }))).data;
    const message = `Run ${uuid} of ${release}`;
    const begun: Facts = { ...facts, run: statusOf(run), completed: { status: 'False', reason: 'Migrating', message } };
    // The key may be that of a run which has failed before its failure was noted.
    const verdict = judgeRun(deps, migration.spec, attempt, { id: release, run });
    return verdict === null
      ? working('Migrating', message, begun)
      : { ...verdict, facts: { ...begun, ...verdict.facts } };
  } catch (error) {
    if (!isOutdated(error)) throw error;
    const { planHash: _, syncRun: __, ...rest } = attempt;
    return working('Syncing', 'The plan does not fit any more', {
      ...facts,
      attempt: rest,
      synced: { status: 'False', reason: 'NotSynced' },
    });
  }
}

/** Something has changed between sync and migrate: another sync tells what. */
function isOutdated(error: unknown): boolean {
  return error instanceof ApiError && ['PLAN_OUT_OF_DATE', 'MIGRATION_NOT_SYNCED'].includes(error.code);
}
