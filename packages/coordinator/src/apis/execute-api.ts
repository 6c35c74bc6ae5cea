import { setTimeout as pause } from 'node:timers/promises';
import type { Api, ApiInput, Gate, JsonObject, OrganizationReader, Ref, Subject } from '@eden/domain';
import { isEdenError, requireLevel } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { lockTimeoutError } from '../lock-timeout.js';
import { requiredLevelOf } from '../templates/required-level.js';
import type { ExecutionLock } from './execution-lock.js';
import { covers, lockForExecution } from './execution-lock.js';
import type { ApiWork } from './load-api-work.js';
import { activeMigrationOf, loadApiWork } from './load-api-work.js';
import { openSessions } from './open-sessions.js';
import { bindSteps, runSteps } from './run-steps.js';
import { validateInput } from './validate-input.js';

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;

interface Execution {
  readonly deps: CoordinatorDeps;
  readonly subject: Subject;
  readonly organization: OrganizationReader;
  readonly input: ApiInput;
  /** On the clock of `performance.now()`: the end of all waiting for locks and gates. */
  readonly deadline: number;
}

/** What became of one attempt; `retry` has changed nothing, and the definition must be loaded again. */
type Attempt = { readonly kind: 'answered'; readonly data: JsonObject } | { readonly kind: 'retry' };
const RETRY: Attempt = { kind: 'retry' };

/**
 * Runs an API: its bindings in order, in one transaction per endpoint.
 *
 *   find the API ─▶ read lock ─▶ load its definition ─▶ check level and input ─▶ enter all gates ─▶ bindings ─▶ commit
 *        ▲              it joined or left a migration ──┤    a gate is newer ───┤      the lock was lost ──┤
 *        └──────────────────────────────────────────────┴──── nothing changed, try again ──────────────────┘
 *
 * The read lock keeps migrations of this API out; the gates keep its effects apart from one when the lock fails
 * (protocol sections 1 and 2). An execution therefore sees the API and every database before a migration or after it.
 * @throws EdenError API_NOT_FOUND, INSUFFICIENT_PERMISSIONS, REQUIRED_FIELD_MISSING, VALIDATION_FAILED, LOCK_TIMEOUT
 *         (guide), SERVICE_UNAVAILABLE, and whatever running its templates throws
 */
export async function executeApi(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  input: ApiInput,
): Promise<JsonObject> {
  const organization = deps.store.organization(subject.organizationUuid);
  const deadline = performance.now() + deps.settings.lockTimeoutMs;
  const execution: Execution = { deps, subject, organization, input, deadline };
  let api = await organization.api(ref);
  for (let attempts = 1; ; attempts += 1) {
    const attempt = await tryOnce(execution, api);
    if (attempt.kind === 'answered') return attempt.data;
    await pauseBeforeRetry(execution, api, attempts);
    api = await organization.api(api.uuid);
  }
}

async function tryOnce(execution: Execution, api: Api): Promise<Attempt> {
  const lock = await withGuideBody(execution, api, () => lockForExecution(execution.deps, api, remainingMs(execution)));
  try {
    const work = await loadApiWork(execution.organization, api.uuid);
    if (!covers(lock, work)) return RETRY;
    return await runUnder(execution, lock, work);
  } finally {
    await lock.held?.release();
  }
}

async function runUnder(execution: Execution, lock: ExecutionLock, work: ApiWork): Promise<Attempt> {
  const { deps, input } = execution;
  requireLevel(execution.subject, requiredLevelOf(work.steps.map(({ template }) => template)));
  validateInput(work.api.fields, input);
  const bound = bindSteps(deps, work, input);
  const gate = gateOf(work.api);
  const request = { steps: work.steps, gate, lockTimeoutMs: Math.max(1, Math.ceil(remainingMs(execution))) };
  const sessions = await withGuideBody(execution, work.api, () => openSessions(deps, request));
  if (sessions === 'newer') return RETRY;
  try {
    const data = await runSteps(deps, sessions, bound);
    if (gate === null && lock.held?.signal.aborted === true) return RETRY;
    await sessions.commit();
    return { kind: 'answered', data };
  } finally {
    await sessions.abandon();
  }
}

/** An API outside of migrations has no gate: the read lock alone keeps it from joining one meanwhile. */
function gateOf(api: Api): Gate | null {
  return activeMigrationOf(api) === null ? null : { apiUuid: api.uuid, schemaVersion: api.schemaVersion };
}

function remainingMs({ deadline }: Execution): number {
  return Math.max(0, deadline - performance.now());
}

async function pauseBeforeRetry(execution: Execution, api: Api, attempts: number): Promise<void> {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts, 10));
  if (remainingMs(execution) <= longest) throw lockTimeoutError(await migrationIdOf(execution, api));
  await pause(longest * (0.5 + Math.random() / 2));
}

/** Gives a lock timeout of the work the guide's keys; every other error passes as it is. */
async function withGuideBody<T>(execution: Execution, api: Api, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isEdenError(error, 'LOCK_TIMEOUT')) throw error;
    throw lockTimeoutError(await migrationIdOf(execution, api), error);
  }
}

/** The migration that somebody who waited for the API's lock has to know of. */
async function migrationIdOf({ organization }: Execution, api: Api): Promise<string | null> {
  const current = await organization.api(api.uuid);
  const uuid = activeMigrationOf(current) ?? activeMigrationOf(api);
  return uuid === null ? null : (await organization.migration(uuid)).id;
}
