import { isDeepStrictEqual } from 'node:util';
import type { CoreV1Event } from '@kubernetes/client-node';
import type { Logger } from '@eden/domain';
import type { Cluster } from '../kubernetes/cluster.js';
import { describeFailure } from '../kubernetes/errors.js';
import { conditionOf, withConditions, type ConditionStates } from '../resources/conditions.js';
import type { CommonStatus, Condition, Resource } from '../resources/objects.js';
import type { Reason } from '../resources/reasons.js';

export interface StatusDeps {
  readonly cluster: Pick<Cluster, 'patchStatus' | 'createEvent'>;
  readonly now: () => Date;
  readonly log: Logger;
  /** Who the events are of: this process. */
  readonly identity: string;
}

export const CONTROLLER = 'eden-operator';
const LONGEST_NOTE = 1024;

/**
 * Writes what has changed of a status, and nothing when nothing has. A change of Ready becomes an event.
 * @throws ApiException 409 when the object has changed since it was read: the look has to be taken again
 */
export async function writeStatus(
  deps: StatusDeps,
  object: Resource,
  states: ConditionStates,
  fields: CommonStatus = {},
): Promise<void> {
  const before = object.status ?? {};
  const { generation } = object.metadata;
  const conditions = withConditions(before.conditions ?? [], states, { generation, now: deps.now() });
  const after: CommonStatus = { ...before, ...fields, observedGeneration: generation, conditions };
  if (isDeepStrictEqual(plain(before), plain(after))) return;
  await deps.cluster.patchStatus(object, mergePatch(before, after) as CommonStatus);
  await tellOfTransition(deps, object, conditionOf(before.conditions, 'Ready'), conditionOf(conditions, 'Ready'));
}

function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

type JsonObject = Readonly<Record<string, unknown>>;

/** RFC 7396: what is gone is null, what is equal is left out. */
export function mergePatch(before: object, after: object): JsonObject {
  const [old, young] = [before as JsonObject, after as JsonObject];
  const gone = Object.keys(old).filter((key) => young[key] === undefined);
  const changed = Object.entries(young).filter(([key, value]) => !isDeepStrictEqual(old[key], value));
  return {
    ...Object.fromEntries(gone.map((key) => [key, null])),
    ...Object.fromEntries(changed.map(([key, value]) => [key, patchOf(old[key], value)])),
  };
}

function patchOf(old: unknown, value: unknown): unknown {
  return isObject(old) && isObject(value) ? mergePatch(old, value) : value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reasons of what goes on by itself, or as somebody wants it; of the others somebody may want to hear. */
const NORMAL: readonly string[] = [
  'Starting',
  'Preparing',
  'Syncing',
  'Migrating',
  'RollingBack',
  'AwaitsApproval',
  'Suspended',
] satisfies Reason[];

async function tellOfTransition(
  deps: StatusDeps,
  object: Resource,
  before: Condition | undefined,
  after: Condition | undefined,
): Promise<void> {
  if (after === undefined || (before?.status === after.status && before.reason === after.reason)) return;
  const type = after.status === 'True' || NORMAL.includes(after.reason) ? 'Normal' : 'Warning';
  await tell(deps, object, { type, reason: after.reason, message: after.message });
}

export interface Note {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** An event that cannot be written, as in a namespace that goes, is no trouble of the object. */
export async function tell(
  { cluster, now, log, identity }: Pick<StatusDeps, 'cluster' | 'now' | 'log' | 'identity'>,
  { apiVersion, kind, metadata }: Resource,
  { type, reason, message }: Note,
): Promise<void> {
  const { namespace, name, uid, resourceVersion } = metadata;
  const event: CoreV1Event = {
    metadata: { generateName: `${name}-`, namespace },
    involvedObject: { apiVersion, kind, namespace, name, uid, resourceVersion },
    type,
    reason,
    message: (message === '' ? reason : message).slice(0, LONGEST_NOTE),
    source: { component: CONTROLLER },
    reportingComponent: CONTROLLER,
    reportingInstance: identity,
    firstTimestamp: now(),
    lastTimestamp: now(),
    count: 1,
  };
  try {
    await cluster.createEvent(namespace, event);
  } catch (error) {
    log.info('event not written', { namespace, name, reason: describeFailure(error) });
  }
}
