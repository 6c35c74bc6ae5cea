import type { Lockable } from '@eden/domain';

/** The keys of one resource, in the order in which every script expects them (lua/*.lua). */
export const KEY_ROLES = ['writer', 'readers', 'intent', 'waiting'] as const;

export type KeyRole = (typeof KEY_ROLES)[number];

const SUFFIX: Readonly<Record<KeyRole, string>> = { writer: 'w', readers: 'r', intent: 'i', waiting: 'q' };

/** `api:<uuid>` or `migration:<uuid>`: what people read, and what the locks are sorted by. */
export function resourceName(resource: Lockable): string {
  return `${resource.kind}:${resource.uuid}`;
}

/** `{eden:lock:api:<uuid>}:w`: one hash tag per resource, so that its keys stay together wherever they are kept. */
export function keyName(resource: Lockable, role: KeyRole): string {
  return keyOf(resourceName(resource), role);
}

/** The same of a resource as `resourceName` spells it. */
export function keyOf(name: string, role: KeyRole): string {
  return `{eden:lock:${name}}:${SUFFIX[role]}`;
}

const KEY_NAME = /^\{eden:lock:(.*)\}:/;

/** The resource that a key belongs to, as `resourceName` spells it. */
export function resourceNameOf(key: string): string {
  return KEY_NAME.exec(key)?.[1] ?? '';
}

/** How many readers a process has behind one read lease. Written and read for people only, by no script. */
export function userCountKey(resource: Lockable, claimId: string): string {
  return `{eden:lock:${resourceName(resource)}}:n:${claimId}`;
}

/** All keys of all resources: sorted by resource, each resource once. */
export function keyNames(resources: readonly Lockable[]): string[] {
  const byName = new Map(resources.map((resource) => [resourceName(resource), resource]));
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, resource]) => KEY_ROLES.map((role) => keyName(resource, role)));
}
