import { describe, expect, test } from '@jest/globals';
import type { Container, EnvVar } from 'kubernetes-types/core/v1.js';
import { parse } from 'yaml';
import { hasForeignTypes, isForeign, schemaErrors } from './kubernetes-schema.js';
import type { Manifest } from './manifests.js';
import { kustomize, ofKind, parseManifests, podTemplates } from './manifests.js';
import { podSecurityViolations } from './pod-security.js';
import { findProgram, run } from './programs.js';
import { note, projectVersion, readProjectFile } from './repository.js';

const CHART = 'charts/eden-migrations';
const NAME = 'eden-migrations';

/** The namespace of the base is its own, and its objects have no release's name before theirs. */
const AS_THE_BASE = ['--set', 'namePrefix=,networkPolicies.wholeNamespace=true'];
const EVERYTHING = [
  'gateway.autoscaling.enabled=true',
  'worker.keda.enabled=true,worker.keda.prometheusAddress=http://prometheus:9090',
  'ingress.enabled=true,ingress.tlsSecretName=eden-tls,ingress.className=nginx',
  'httpRoute.enabled=true,httpRoute.parentRefs[0].name=public',
  'serviceMonitor.enabled=true,prometheusRule.enabled=true,grafanaDashboard.enabled=true',
  'operator.enabled=true',
  'image.pullSecrets[0].name=registry',
].flatMap((values) => ['--set', values]);

const helms = [findProgram('helm3'), findProgram('helm4', 'helm')].filter((helm) => helm !== undefined);
if (helms.length === 0) note('Helm is not installed, so the chart is not rendered. npm run test:chart does it');
const describeChart = helms.length > 0 ? describe.each(helms) : describe.skip.each(['no Helm']);

function template(helm: string, args: readonly string[]): Manifest[] {
  const { status, stdout, stderr } = run(helm, ['template', NAME, CHART, '--namespace', NAME, ...args]);
  if (status !== 0) throw new Error(stderr);
  return parseManifests(stdout);
}

type Tree = null | string | number | boolean | Tree[] | { [key: string]: Tree };

const LEFT_OUT = /^(helm\.sh|argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io)\/|^app\.kubernetes\.io\/managed-by$/;

/** What only one of the two ways to install has: its own marks, the namespace, and the hash in the name of the settings. */
function comparable(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(comparable);
  if (typeof tree === 'string') return tree.replace(/^(eden-settings)-[a-z0-9]{10}$/, '$1');
  if (tree === null || typeof tree !== 'object') return tree;
  const entries = Object.entries(tree)
    .filter(([key]) => !LEFT_OUT.test(key) && key !== 'namespace')
    .map(([key, value]) => [key, comparable(value)] as const)
    .filter(([key, value]) => key !== 'annotations' || Object.keys(value as object).length > 0);
  return Object.fromEntries(entries);
}

/** A hook comes before the ConfigMap: its settings stand in it. Kubernetes' own default of the policy is left out, too. */
function withoutSettings({ env = [], envFrom: _, imagePullPolicy: __, ...container }: Container): Container {
  const own = env.filter(({ valueFrom }: EnvVar) => valueFrom !== undefined);
  return { ...container, env: own };
}

function objects(manifests: readonly Manifest[]): Record<string, Tree> {
  const copies = structuredClone(manifests).filter(({ kind }) => kind !== 'Namespace');
  for (const { owner, spec } of podTemplates(copies)) {
    spec.containers = spec.containers.map((container) =>
      owner.startsWith('Job/') ? withoutSettings(container) : withoutPullPolicy(container),
    );
  }
  return Object.fromEntries(
    copies.map((manifest) => {
      const name = comparable(manifest.metadata.name ?? '') as string;
      return [`${manifest.kind}/${name}`, comparable(manifest as unknown as Tree)] as const;
    }),
  );
}

function withoutPullPolicy({ imagePullPolicy: _, ...container }: Container): Container {
  return container;
}

describeChart('the chart, by %s', (helm) => {
  test('is what helm lint accepts', () => {
    expect(run(helm, ['lint', CHART, '--strict'])).toMatchObject({ status: 0 });
  });

  test('renders the objects of the Kustomize base', () => {
    const base = kustomize('k8s/base', 'not compared with the chart');
    if (base === undefined) return;
    expect(objects(template(helm, AS_THE_BASE))).toEqual(objects(base));
  });

  test('renders the operator of the Kustomize overlay', () => {
    const overlay = kustomize('k8s/overlays/operator', 'not compared with the chart');
    if (overlay === undefined) return;
    expect(objects(template(helm, [...AS_THE_BASE, '--set', 'operator.enabled=true']))).toEqual(objects(overlay));
  });

  test('keeps the operator to one namespace where that is said', () => {
    const own = template(helm, ['--set', 'operator.enabled=true,operator.watchNamespace=shop']);
    expect(own.filter(({ kind }) => kind.startsWith('Cluster'))).toEqual([]);
    const roles = ofKind(own, 'Role').map(({ metadata }) => metadata.namespace);
    expect(roles.toSorted()).toEqual(['shop', undefined]);
  });

  test.each([
    ['as it comes', []],
    ['with everything on', EVERYTHING],
  ])('renders objects that the API knows and pods that keep the standard, %s', (_name, args) => {
    const manifests = template(helm, args);
    const known = manifests.filter((manifest) => hasForeignTypes || !isForeign(manifest));
    expect(schemaErrors(known)).toEqual([]);
    const violations = podTemplates(manifests).flatMap((pod) =>
      podSecurityViolations(pod).map((rule) => `${pod.labels['app.kubernetes.io/component']}: ${rule}`),
    );
    // The operator talks to the API.
    expect(violations).toEqual(args === EVERYTHING ? ['operator: no API token'] : []);
  });

  test('gives the number of its pods away where something else scales them', () => {
    const counts = (args: readonly string[]) =>
      ofKind<{ spec: { replicas?: number } }>(template(helm, args), 'Deployment').map(({ spec }) => spec.replicas);
    expect(counts([])).toEqual([2, 2]);
    // The operator's number is its own: one leads, one waits.
    expect(counts(EVERYTHING)).toEqual([undefined, 2, undefined]);
  });

  test('keeps two releases of one namespace apart', () => {
    const names = (release: string) =>
      parseManifests(run(helm, ['template', release, CHART]).stdout).map(
        ({ kind, metadata }) => `${kind} ${metadata.name}`,
      );
    expect(names('blue').filter((name) => names('green').includes(name))).toEqual([]);
  });

  test('makes no Secret, and takes no secret among its settings', () => {
    expect(ofKind(template(helm, EVERYTHING), 'Secret')).toEqual([]);
    for (const key of ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'JWT_SECRET', 'ENCRYPTION_KEY']) {
      expect(() => template(helm, ['--set', `settings.${key}=x`])).toThrow(key);
    }
  });

  test.each([
    ['a misspelt value', 'gateway.replica=3', 'replica'],
    ['a wrong type', 'gateway.replicas=many', 'replicas'],
    ['a digest that is none', 'gateway.image.digest=latest', 'digest'],
    ['KEDA without a Prometheus', 'worker.keda.enabled=true', 'prometheusAddress'],
    ['a route without a Gateway', 'httpRoute.enabled=true', 'parentRefs'],
  ])('refuses %s, and names it', (_name, value, named) => {
    expect(() => template(helm, ['--set', value])).toThrow(named);
  });
});

const testForeign = hasForeignTypes ? test : test.skip;

testForeign.each([
  [
    'monitoring.coreos.com/v1',
    'ServiceMonitor',
    { selector: {}, endpoints: [{ port: 'http', intervall: '30s' }] },
    'intervall',
  ],
  [
    'keda.sh/v1alpha1',
    'ScaledObject',
    { scaleTargetRef: { name: 'worker' }, triggers: [], minReplicas: 2 },
    'minReplicas',
  ],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute', { parentRefs: [], rules: [{ matches: [], timeout: '1s' }] }, 'timeout'],
])('a field that no version of %s, %s knows is found without a cluster', (apiVersion, kind, spec, field) => {
  const manifest = { apiVersion, kind, metadata: { name: 'a' }, spec } as Manifest;
  expect(schemaErrors([manifest]).join()).toContain(field);
});

describe('the versions of the chart', () => {
  test('are those of this checkout', () => {
    const { version, appVersion } = parse(readProjectFile(`${CHART}/Chart.yaml`)) as Record<string, string>;
    expect([version, appVersion]).toEqual([projectVersion(), projectVersion()]);
  });
});
