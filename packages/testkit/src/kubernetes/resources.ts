import type { JsonObject, KubeObject } from './objects.js';
import type { Schema } from './schema.js';

/** One kind that the server serves. */
export interface ResourceType {
  /** '' for the core. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly hasStatus: boolean;
  /** Of a custom resource. */
  readonly schema?: Schema;
}

function builtIn(group: string, plural: string, kind: string, namespaced = true): ResourceType {
  return {
    group,
    version: 'v1',
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced,
    hasStatus: plural === 'namespaces',
  };
}

export const CRD: ResourceType = {
  ...builtIn('apiextensions.k8s.io', 'customresourcedefinitions', 'CustomResourceDefinition', false),
  hasStatus: true,
};

export const BUILT_IN: readonly ResourceType[] = [
  builtIn('', 'namespaces', 'Namespace', false),
  builtIn('', 'secrets', 'Secret'),
  builtIn('', 'configmaps', 'ConfigMap'),
  builtIn('', 'events', 'Event'),
  builtIn('events.k8s.io', 'events', 'Event'),
  builtIn('coordination.k8s.io', 'leases', 'Lease'),
  CRD,
];

/** `edenmigrations.eden.dev`, as errors name it. */
export function resourceName({ plural, group }: ResourceType): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** `EdenMigration.eden.dev`, as validation names it. */
export function kindName({ kind, group }: ResourceType): string {
  return group === '' ? kind : `${kind}.${group}`;
}

export function apiVersionOf({ group, version }: ResourceType): string {
  return group === '' ? version : `${group}/${version}`;
}

interface Version {
  readonly name: string;
  readonly served: boolean;
  readonly schema: { readonly openAPIV3Schema: Schema };
  readonly subresources?: { readonly status?: object };
}

/** The kinds that a CustomResourceDefinition adds. */
export function typesOf({ spec }: KubeObject): ResourceType[] {
  const { group, scope, names, versions } = spec as unknown as {
    group: string;
    scope: string;
    names: { kind: string; plural: string; singular?: string };
    versions: Version[];
  };
  return versions
    .filter(({ served }) => served)
    .map(({ name, schema, subresources }) => ({
      group,
      version: name,
      plural: names.plural,
      singular: names.singular ?? names.kind.toLowerCase(),
      kind: names.kind,
      namespaced: scope === 'Namespaced',
      hasStatus: subresources?.status !== undefined,
      schema: schema.openAPIV3Schema,
    }));
}

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

/** `/api/v1`, `/apis/<group>/<version>`: what clients find kinds by. */
export function resourceList(types: readonly ResourceType[], groupVersion: string): JsonObject {
  const resources = types.flatMap(({ plural, singular, kind, namespaced, hasStatus }) => [
    { name: plural, singularName: singular, namespaced, kind, verbs: VERBS },
    ...(hasStatus
      ? [{ name: `${plural}/status`, singularName: '', namespaced, kind, verbs: ['get', 'patch', 'update'] }]
      : []),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

export function groupList(types: readonly ResourceType[]): JsonObject {
  const groups = [...new Set(types.map(({ group }) => group))].filter((group) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((group) => groupOf(types, group)) };
}

export function groupOf(types: readonly ResourceType[], group: string): JsonObject {
  const versions = [...new Set(types.filter((type) => type.group === group).map(({ version }) => version))];
  const all = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: all, preferredVersion: all[0] ?? null };
}
