import type { ControlStore, Lockable, Ref, Uuid } from '@eden/domain';
import type { ApiWork } from './load-api-work.js';

/** What an execution locks, the API first: everything that its definition is read from. */
export type Footprint = readonly [{ readonly kind: 'api'; readonly uuid: Uuid }, ...Lockable[]];

/** Kept for that many APIs per process; of others, it is found again. */
const MAX_KNOWN = 10_000;

const footprints = new WeakMap<ControlStore, Map<string, Footprint>>();

export function footprintOf({ api, steps }: ApiWork): Footprint {
  const templates = new Set(steps.map(({ template }) => template.uuid));
  const endpoints = new Set(steps.map(({ endpoint }) => endpoint.uuid));
  return [
    { kind: 'api', uuid: api.uuid },
    ...[...templates].map((uuid) => ({ kind: 'template' as const, uuid })),
    ...[...endpoints].map((uuid) => ({ kind: 'endpoint' as const, uuid })),
  ];
}

export function covers(locked: Footprint, needed: Footprint): boolean {
  return needed.every(({ kind, uuid }) => locked.some((one) => one.kind === kind && one.uuid === uuid));
}

/** Names an API as one organization does. */
export interface ApiName {
  readonly store: ControlStore;
  readonly organizationUuid: Uuid;
  readonly ref: Ref;
}

/**
 * What the last execution under this name needed to lock. Only a guess, with which the next one saves two queries:
 * whether it is still true shows what is then read under the locks.
 */
export function recallFootprint({ store, organizationUuid, ref }: ApiName): Footprint | undefined {
  return footprints.get(store)?.get(`${organizationUuid}:${ref}`);
}

export function rememberFootprint({ store, organizationUuid, ref }: ApiName, footprint: Footprint | null): void {
  const known = footprints.get(store) ?? new Map<string, Footprint>();
  const key = `${organizationUuid}:${ref}`;
  footprints.set(store, known);
  known.delete(key);
  if (footprint !== null) known.set(key, footprint);
  if (known.size > MAX_KNOWN) known.delete(known.keys().next().value ?? key);
}
