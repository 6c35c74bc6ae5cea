import type { Container, PodSpec, SecurityContext, Volume } from 'kubernetes-types/core/v1.js';
import type { PodTemplate } from './manifests.js';
import { containersOf } from './manifests.js';

/*
 * The "restricted" Pod Security Standard (https://kubernetes.io/docs/concepts/security/pod-security-standards/),
 * which includes "baseline", and below it what this project asks of its pods beyond the standard.
 */

interface Rule {
  readonly name: string;
  readonly holds: (spec: PodSpec) => boolean;
}

const VOLUME_TYPES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);
const SAFE_SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_syncookies',
]);
const SECCOMP_TYPES = new Set(['RuntimeDefault', 'Localhost']);

function everyContainer(spec: PodSpec, holds: (container: Container, context: SecurityContext) => boolean): boolean {
  return containersOf(spec).every((container) => holds(container, container.securityContext ?? {}));
}

/** A container's own setting wins over the pod's. The rules read only what both can have. */
function everySetting<T>(
  spec: PodSpec,
  read: (context: SecurityContext) => T | undefined,
  holds: (setting: T | undefined) => boolean,
): boolean {
  const ofPod = read((spec.securityContext ?? {}) as SecurityContext);
  return everyContainer(spec, (_container, context) => holds(read(context) ?? ofPod));
}

function hasRestrictedType(volume: Volume): boolean {
  return Object.keys(volume).every((key) => key === 'name' || VOLUME_TYPES.has(key));
}

const STANDARD: readonly Rule[] = [
  { name: 'no host namespaces', holds: (spec) => !spec.hostNetwork && !spec.hostPID && !spec.hostIPC },
  {
    name: 'no host ports',
    holds: (spec) => everyContainer(spec, ({ ports = [] }) => ports.every(({ hostPort }) => !hostPort)),
  },
  { name: 'not privileged', holds: (spec) => everyContainer(spec, (_c, { privileged }) => privileged !== true) },
  {
    name: 'no Windows host process',
    holds: (spec) =>
      everySetting(
        spec,
        (c) => c.windowsOptions?.hostProcess,
        (value) => value !== true,
      ),
  },
  {
    name: 'default /proc mount',
    holds: (spec) => everyContainer(spec, (_c, { procMount = 'Default' }) => procMount === 'Default'),
  },
  {
    name: 'no SELinux user or role',
    holds: (spec) =>
      everySetting(
        spec,
        (c) => c.seLinuxOptions?.user ?? c.seLinuxOptions?.role,
        (value) => !value,
      ),
  },
  {
    name: 'AppArmor stays on',
    holds: (spec) =>
      everySetting(
        spec,
        (c) => c.appArmorProfile?.type,
        (value) => value !== 'Unconfined',
      ),
  },
  {
    name: 'safe sysctls only',
    holds: (spec) => (spec.securityContext?.sysctls ?? []).every(({ name }) => SAFE_SYSCTLS.has(name)),
  },
  { name: 'restricted volume types', holds: (spec) => (spec.volumes ?? []).every(hasRestrictedType) },
  {
    name: 'no privilege escalation',
    holds: (spec) => everyContainer(spec, (_c, context) => context.allowPrivilegeEscalation === false),
  },
  {
    name: 'runs as non-root',
    holds: (spec) =>
      everySetting(
        spec,
        (c) => c.runAsNonRoot,
        (value) => value === true,
      ),
  },
  {
    name: 'no user 0',
    holds: (spec) =>
      everySetting(
        spec,
        (c) => c.runAsUser,
        (value) => value !== 0,
      ),
  },
  {
    name: 'seccomp profile',
    holds: (spec) =>
      everySetting(
        spec,
        (c) => c.seccompProfile?.type,
        (type) => SECCOMP_TYPES.has(type ?? ''),
      ),
  },
  {
    name: 'all capabilities dropped',
    holds: (spec) => everyContainer(spec, (_c, { capabilities }) => capabilities?.drop?.includes('ALL') === true),
  },
  {
    name: 'no capability added',
    holds: (spec) =>
      everyContainer(spec, (_c, { capabilities }) =>
        (capabilities?.add ?? []).every((capability) => capability === 'NET_BIND_SERVICE'),
      ),
  },
];

const HOUSE: readonly Rule[] = [
  {
    name: 'read-only root file system',
    holds: (spec) => everyContainer(spec, (_c, context) => context.readOnlyRootFilesystem === true),
  },
  {
    name: 'numeric user',
    holds: (spec) =>
      everySetting(
        spec,
        (c) => c.runAsUser,
        (value) => Number(value) > 0,
      ),
  },
  { name: 'no API token', holds: (spec) => spec.automountServiceAccountToken === false },
  {
    name: 'an own service account',
    holds: ({ serviceAccountName = 'default' }) => serviceAccountName !== 'default',
  },
  {
    name: 'resources are limited',
    holds: (spec) =>
      everyContainer(spec, ({ resources }) =>
        [resources?.requests?.['cpu'], resources?.requests?.['memory'], resources?.limits?.['memory']].every(Boolean),
      ),
  },
];

/** @returns the names of the rules that a pod made from this template would break */
export function podSecurityViolations({ spec }: PodTemplate): string[] {
  return [...STANDARD, ...HOUSE].filter((rule) => !rule.holds(spec)).map((rule) => rule.name);
}
