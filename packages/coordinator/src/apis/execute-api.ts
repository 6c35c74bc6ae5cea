import type { ApiInput, GateAnswer, JsonObject, OrganizationStore, Ref, Subject, Uuid } from '@eden/domain';
import { EdenError, isEdenError, requireLevelOn } from '@eden/domain';
import { lockTimeoutError } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import { requiredLevelOf } from '../templates/required-level.js';
import type { ExecutionLock } from './execution-lock.js';
import { isGated, lockForExecution } from './execution-lock.js';
import type { ApiName, Footprint } from './footprint.js';
import { recallFootprint, rememberFootprint } from './footprint.js';
import { forgetWork, workUnder } from './leased-work.js';
import type { ApiWork } from './load-api-work.js';
import { activeMigrationOf, loadToExecute } from './load-api-work.js';
import { runLoneRead, loneReadOf } from './lone-read.js';
import type { OpenSessions, SessionRequest } from './open-sessions.js';
import { openSessions } from './open-sessions.js';
import type { BoundStep } from './run-steps.js';
import { bindSteps, runSteps } from './run-steps.js';
import { validateInput } from './validate-input.js';

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;
const STANDBY_BEHIND = 'A standby that the API reads has not replayed its last migration yet';

interface Execution {
  readonly name: ApiName;
  readonly deps: CoordinatorDeps;
  readonly subject: Subject;
  /** Made when it is asked for: an execution whose definition is at hand does without. */
  organization(): OrganizationStore;
  readonly input: ApiInput;
  /** Of all its tries. */
  readonly uuid: string;
  /** On the clock of `elapsedMs`: the end of all waiting for locks and gates. */
  readonly deadline: number;
}

/** What became of one try; `retry` has changed nothing, and the definition must be loaded again. */
type Try =
  | { readonly kind: 'answered'; readonly data: JsonObject }
  | { readonly kind: 'retry'; readonly because?: Exclude<Outcome, JsonObject> };
const RETRY: Try = { kind: 'retry' };

/**
 * Runs an API: its bindings in order, in one transaction per endpoint.
 *
 *   read locks ─▶ its definition ─▶ check level and input ─▶ enter all gates ─▶ bindings ─▶ commit
 *     ▲              not all of it was locked ──┤    a gate is newer ─┤   the lock was lost ──┤
 *     └─────────────────────────────────────────┴── nothing changed, try again ─────────────┘
 *
 * The locks are on all that the definition is read from: the API, its templates, their endpoints. While this process
 * keeps the leases, lock and definition cost no round trip (leased-work.ts). The read lock keeps migrations of this API
 * out; the gates keep its effects apart from one when the lock fails (protocol I1 and I6). An execution
 * therefore sees the API and every database before a migration or after it.
 * @throws EdenError API_NOT_FOUND, INSUFFICIENT_PERMISSIONS, REQUIRED_FIELD_MISSING, VALIDATION_FAILED, LOCK_TIMEOUT
 *         (guide), SERVICE_UNAVAILABLE, and whatever running its templates throws
 */
export async function executeApi(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  input: ApiInput,
): Promise<JsonObject> {
  const { organizationUuid } = subject;
  const name: ApiName = { store: deps.store, organizationUuid, ref };
  const organization = (): OrganizationStore => deps.store.organization(organizationUuid);
  const deadline = deps.clock.elapsedMs() + deps.settings.lockTimeoutMs;
  const uuid = deps.chance.uuid();
  const execution: Execution = { name, deps, subject, organization, input, uuid, deadline };
  for (let tries = 1; ; tries += 1) {
    const footprint = recallFootprint(name) ?? (await apiAlone(execution));
    const [{ uuid: apiUuid }] = footprint;
    const outcome = await tryOnce(execution, footprint).catch((error: unknown) => explain(execution, apiUuid, error));
    if (outcome.kind === 'answered') return outcome.data;
    await pauseBeforeRetry(execution, apiUuid, { tries, because: outcome.because });
  }
}

/** What is known of an API that was not executed here before. */
async function apiAlone({ name, organization }: Execution): Promise<Footprint> {
  return [{ kind: 'api', uuid: (await organization().api(name.ref)).uuid }];
}

async function tryOnce(execution: Execution, footprint: Footprint): Promise<Try> {
  const lock = await lockForExecution(execution.deps, footprint, remainingMs(execution));
  try {
    const work = await definitionUnder(execution, lock, footprint[0].uuid);
    return work === 'not locked' ? RETRY : await runUnder(execution, lock, work);
  } finally {
    await lock.held?.release();
  }
}

/** @throws what made the lock unavailable, when there is no gate either */
async function definitionUnder(
  execution: Execution,
  lock: ExecutionLock,
  apiUuid: Uuid,
): Promise<ApiWork | 'not locked'> {
  const load = () => loadToExecute(execution.organization(), apiUuid);
  try {
    const work = lock.held === null ? await load() : await workUnder(lock.held, lock.footprint, load);
    if ('needs' in work) {
      rememberFootprint(execution.name, work.needs);
      return 'not locked';
    }
    if (lock.held === null && !isGated(execution.deps, work)) throw lock.unavailable;
    return work;
  } catch (error) {
    if (!isEdenError(error, 'API_NOT_FOUND')) throw error;
    // Deleted; the name may belong to another API by now.
    rememberFootprint(execution.name, null);
    return 'not locked';
  }
}

async function runUnder(execution: Execution, lock: ExecutionLock, work: ApiWork): Promise<Try> {
  const { deps, input } = execution;
  const used = work.steps.map(({ template }) => template);
  requireLevelOn(execution.subject, work.api.uuid, requiredLevelOf(deps.templates, used));
  validateInput(work.api.fields, input);
  const { api, steps } = work;
  const lockTimeoutMs = Math.max(1, Math.ceil(remainingMs(execution)));
  const request = { api, steps, lockTimeoutMs, execution: execution.uuid };
  // An API outside of migrations takes no gate: the read lock alone keeps it from joining one meanwhile.
  const isLockLost = () => activeMigrationOf(api) === null && lock.held?.isLost === true;
  const bound = bindSteps(deps, work, input);
  const read = loneReadOf(bound);
  const data: Outcome =
    read === null
      ? await runInSessions(deps, request, { steps: bound, isLockLost })
      : await runLoneRead(deps, request, read);
  if (read !== null && isLockLost()) return { kind: 'retry', because: 'lock lost' };
  if (data === 'newer' && lock.held !== null) forgetWork(lock.held);
  return typeof data === 'string' ? { kind: 'retry', because: data } : { kind: 'answered', data };
}

interface BoundWork {
  readonly steps: readonly BoundStep[];
  /** Whether a migration may have begun meanwhile, which only the lock could keep out. */
  isLockLost(): boolean;
}

/** What the API answers, or why that must not be said. */
type Outcome = JsonObject | Exclude<GateAnswer, 'open'> | 'lock lost';

async function runInSessions(
  deps: CoordinatorDeps,
  request: SessionRequest,
  { steps, isLockLost }: BoundWork,
): Promise<Outcome> {
  const sessions = await openSessions(deps, request);
  if (typeof sessions === 'string') return sessions;
  try {
    const data = await runSteps(deps, sessions, steps).catch((error: unknown) => judge(sessions, error));
    if (typeof data === 'string') return data;
    if (isLockLost()) return 'lock lost';
    const answer = await sessions.confirm();
    if (answer !== 'open') return answer;
    await sessions.commit();
    return data;
  } finally {
    await sessions.abandon();
  }
}

/** A statement on a standby may have met another schema than its definition's: then it did not fail by itself. */
async function judge(sessions: OpenSessions, error: unknown): Promise<Exclude<GateAnswer, 'open'>> {
  const answer = await sessions.confirm().catch(() => 'open' as const);
  if (answer === 'open') throw error;
  return answer;
}

function remainingMs({ deps, deadline }: Execution): number {
  return Math.max(0, deadline - deps.clock.elapsedMs());
}

interface Retry {
  readonly tries: number;
  readonly because: Exclude<Outcome, JsonObject> | undefined;
}

async function pauseBeforeRetry(execution: Execution, apiUuid: Uuid, { tries, because }: Retry): Promise<void> {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10));
  if (remainingMs(execution) <= longest) {
    const cause = because === 'behind' ? new EdenError('LOCK_TIMEOUT', { details: STANDBY_BEHIND }) : undefined;
    throw lockTimeoutError(await migrationIdOf(execution, apiUuid), cause);
  }
  const { clock, chance } = execution.deps;
  await clock.sleep(longest * (0.5 + chance.fraction() / 2));
}

/** A lock timeout has the guide's keys; every other error passes as it is. */
async function explain(execution: Execution, apiUuid: Uuid, error: unknown): Promise<never> {
  if (!isEdenError(error, 'LOCK_TIMEOUT')) throw error;
  throw lockTimeoutError(await migrationIdOf(execution, apiUuid), error);
}

/** The migration that somebody who waited for the API's lock has to know of. */
async function migrationIdOf({ organization }: Execution, apiUuid: Uuid): Promise<string | null> {
  const reader = organization();
  const uuid = activeMigrationOf(await reader.api(apiUuid));
  return uuid === null ? null : (await reader.migration(uuid)).id;
}
