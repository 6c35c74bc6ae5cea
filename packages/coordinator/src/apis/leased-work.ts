import type { HeldLock } from '@eden/domain';
import type { Footprint } from './footprint.js';
import { covers, footprintOf } from './footprint.js';
import type { ApiWork } from './load-api-work.js';

/** A definition as it was read under some leases. */
interface LeasedWork {
  readonly leases: readonly object[];
  /** True for as long as every one of the leases is held. */
  readonly work: Promise<ApiWork>;
}

/**
 * By the lease of the API: a definition that nobody vouches for any more is not found, and in the end not even there.
 *
 * Whoever changes an API, a template or an endpoint holds its write lock from before to after. A definition was read
 * under the leases of its API and of all its templates and endpoints; while they are the same objects nobody has
 * changed any of them (docs/adr/0009).
 */
const definitions = new WeakMap<object, LeasedWork>();

/**
 * The API's definition, read once for all executions under the same leases.
 * Its footprint instead, when that is more than what is locked: then nothing vouches for it.
 */
export async function workUnder(
  { leases }: HeldLock,
  locked: Footprint,
  load: () => Promise<ApiWork>,
): Promise<ApiWork | { readonly needs: Footprint }> {
  // What is held by nothing vouches for nothing.
  const [ofApi = {}] = leases;
  const { work } = knownUnder(ofApi, leases) ?? keep(ofApi, { leases, work: load() });
  const loaded = await work;
  const needs = footprintOf(loaded);
  if (covers(locked, needs)) return loaded;
  definitions.delete(ofApi);
  return { needs };
}

/** What was read turned out to be old: a gate of a target is ahead of it. */
export function forgetWork({ leases: [ofApi] }: HeldLock): void {
  if (ofApi !== undefined) definitions.delete(ofApi);
}

function knownUnder(ofApi: object, leases: readonly object[]): LeasedWork | undefined {
  const known = definitions.get(ofApi);
  return known?.leases.every((lease) => leases.includes(lease)) === true ? known : undefined;
}

function keep(ofApi: object, leased: LeasedWork): LeasedWork {
  definitions.set(ofApi, leased);
  leased.work.catch(() => {
    if (definitions.get(ofApi) === leased) definitions.delete(ofApi);
  });
  return leased;
}
