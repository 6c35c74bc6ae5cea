import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Container, PodSpec } from 'kubernetes-types/core/v1.js';
import type { ObjectMeta } from 'kubernetes-types/meta/v1.js';
import { findProgram, run } from './programs.js';
import { note, readProjectFile } from './repository.js';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface PodTemplate {
  /** Kind and name of what makes the pods. */
  readonly owner: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { name: string; literals: readonly string[] }[];
}

export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.join('\n'));
    // What a chart's template leaves out may leave an empty document.
    return document.contents === null ? [] : [document.toJS() as Manifest];
  });
}

function generatedConfigMap({ name, literals }: { name: string; literals: readonly string[] }): Manifest {
  const data = Object.fromEntries(literals.map((literal) => literal.split(/=(.*)/s, 2)));
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

/** What the kustomization lists, without Kustomize: no namespaces, no hashes in names, no patches. */
export function readListedResources(folder: string): Manifest[] {
  const kustomization = parse(readProjectFile(join(folder, 'kustomization.yaml'))) as Kustomization;
  return [
    ...kustomization.configMapGenerator.map(generatedConfigMap),
    ...kustomization.resources.flatMap((file) => parseManifests(readProjectFile(join(folder, file)))),
  ];
}

/** What `kubectl apply -k` would send. On a machine without kubectl: undefined, and a note of what is done `instead`. */
export function kustomize(folder: string, instead: string): Manifest[] | undefined {
  const kubectl = findProgram('kubectl');
  if (kubectl === undefined) {
    note(`kubectl is not installed, so ${folder} is ${instead}. npm run test:chart installs it`);
    return undefined;
  }
  const { status, stdout, stderr } = run(kubectl, ['kustomize', folder]);
  if (status !== 0) throw new Error(`kubectl kustomize ${folder}: ${stderr}`);
  return parseManifests(stdout);
}

interface Workload {
  readonly template?: { readonly metadata?: ObjectMeta; readonly spec?: PodSpec };
}

/** The pod templates of Deployments and Jobs. */
export function podTemplates(manifests: readonly Manifest[]): PodTemplate[] {
  return manifests.flatMap((manifest) => {
    const template = (manifest.spec as Workload | undefined)?.template;
    if (template?.spec === undefined) return [];
    const name = manifest.metadata.name ?? '';
    return [{ owner: `${manifest.kind}/${name}`, name, labels: template.metadata?.labels ?? {}, spec: template.spec }];
  });
}

export function containersOf(spec: PodSpec): Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

export function ofKind<T = Manifest>(manifests: readonly Manifest[], kind: string): (Manifest & T)[] {
  return manifests.filter((manifest) => manifest.kind === kind) as (Manifest & T)[];
}
