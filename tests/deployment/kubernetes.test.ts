import { describe, expect, test } from '@jest/globals';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2.js';
import type {
  ConfigMap,
  Container,
  Namespace,
  Probe,
  Secret,
  Service,
  ServiceAccount,
} from 'kubernetes-types/core/v1.js';
import type { LabelSelector } from 'kubernetes-types/meta/v1.js';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1.js';
import { CONFIG_LOADERS, CONTRACT_VARIABLES, DRAIN_SECONDS, PROCESS_NAMES } from './environment.js';
import { schemaErrors } from './kubernetes-schema.js';
import type { Manifest, PodTemplate } from './manifests.js';
import { containersOf, kustomize, ofKind, parseManifests, podTemplates, readListedResources } from './manifests.js';
import { podSecurityViolations } from './pod-security.js';
import { projectVersion, readProjectFile } from './repository.js';

const BASE = 'k8s/base';
const EXAMPLE = 'k8s/overlays/example';

const manifests = kustomize(BASE, 'checked file by file, not as Kustomize renders it') ?? readListedResources(BASE);
const templates = podTemplates(manifests);
const [exampleSecret] = parseManifests(readProjectFile(`${BASE}/secret.example.yaml`)) as (Manifest & Secret)[];

function template(name: string, from: readonly PodTemplate[] = templates): PodTemplate {
  const found = from.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no pod template ${name}`);
  return found;
}

function container(name: string): Container {
  const [first] = template(name).spec.containers;
  if (first === undefined) throw new Error(`no container in ${name}`);
  return first;
}

function matches(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  const included = (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    if (operator !== 'In') throw new Error(`this test knows no operator ${operator}`);
    return values.includes(labels[key] ?? '');
  });
  return equal && included;
}

function selected(selector: LabelSelector): PodTemplate[] {
  return templates.filter(({ labels }) => matches(selector, labels));
}

function portNumber(pod: PodTemplate, port: string | number | undefined): number | undefined {
  const ports = containersOf(pod.spec).flatMap(({ ports: own = [] }) => own);
  return ports.find(({ name, containerPort }) => name === port || containerPort === port)?.containerPort;
}

function withChange<T>(value: T, change: (copy: T) => void): T {
  const copy = structuredClone(value);
  change(copy);
  return copy;
}

describe('manifests and the Kubernetes API', () => {
  test('every rendered object has only fields that its type knows, and all that it needs', () => {
    expect(schemaErrors(manifests)).toEqual([]);
  });

  test.each<[string, (spec: Record<string, unknown>) => void]>([
    ['a misspelt field', (spec) => Object.assign(spec, { replicaz: 2 })],
    ['a misspelt field deep inside', (spec) => Object.assign(dig(spec, 'template', 'spec'), { nodeSelectors: {} })],
    ['a wrong type', (spec) => Object.assign(spec, { replicas: '2' })],
    ['a missing field', (spec) => Reflect.deleteProperty(spec, 'selector')],
  ])('the check notices %s', (_name, damage) => {
    const [deployment] = ofKind(manifests, 'Deployment');
    if (deployment === undefined) throw new Error('no Deployment');
    const damaged = withChange(deployment, (copy) => damage(copy.spec as Record<string, unknown>));
    expect(schemaErrors([damaged])).toHaveLength(1);
  });

  test('the check notices a kind that its API version does not have', () => {
    expect(schemaErrors([{ apiVersion: 'apps/v1', kind: 'Job', metadata: { name: 'job' } }])).toHaveLength(1);
    expect(() => schemaErrors([{ apiVersion: 'apps/v9', kind: 'Deployment', metadata: {} }])).toThrow('apps/v9');
  });

  test('the secret of the example has the shape of a Secret', () => {
    expect(exampleSecret && schemaErrors([exampleSecret])).toEqual([]);
  });
});

function dig(value: Record<string, unknown>, ...path: string[]): Record<string, unknown> {
  return path.reduce((inner, key) => inner[key] as Record<string, unknown>, value);
}

describe('pod security', () => {
  test.each(PROCESS_NAMES)('pods of %s keep the restricted standard', (name) => {
    expect(podSecurityViolations(template(name))).toEqual([]);
  });

  test.each<[string, (pod: PodTemplate) => void]>([
    ['no host namespaces', (pod) => Object.assign(pod.spec, { hostNetwork: true })],
    ['no privilege escalation', (pod) => delete pod.spec.containers[0]?.securityContext?.allowPrivilegeEscalation],
    ['runs as non-root', (pod) => delete pod.spec.securityContext?.runAsNonRoot],
    ['no user 0', (pod) => Object.assign(pod.spec.securityContext ?? {}, { runAsUser: 0 })],
    ['seccomp profile', (pod) => delete pod.spec.securityContext?.seccompProfile],
    ['all capabilities dropped', (pod) => delete pod.spec.containers[0]?.securityContext?.capabilities],
    ['restricted volume types', (pod) => pod.spec.volumes?.push({ name: 'host', hostPath: { path: '/' } })],
    ['read-only root file system', (pod) => delete pod.spec.containers[0]?.securityContext?.readOnlyRootFilesystem],
    ['resources are limited', (pod) => delete pod.spec.containers[0]?.resources],
  ])('the check notices a pod without: %s', (rule, damage) => {
    expect(podSecurityViolations(withChange(template('gateway'), damage))).toContain(rule);
  });

  test('the namespace enforces the restricted standard', () => {
    const [namespace] = ofKind<Namespace>(manifests, 'Namespace');
    expect(namespace?.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  });

  test.each(PROCESS_NAMES)('%s has a service account without an API token', (name) => {
    const accounts = ofKind<ServiceAccount>(manifests, 'ServiceAccount');
    const account = accounts.find(({ metadata }) => metadata.name === template(name).spec.serviceAccountName);
    expect(account?.automountServiceAccountToken).toBe(false);
  });
});

describe('what refers to what', () => {
  test('every Deployment selects its own pods and spreads them', () => {
    for (const { metadata, spec } of ofKind<Deployment>(manifests, 'Deployment')) {
      const pod = template(metadata.name ?? '');
      expect(selected(spec?.selector ?? {})).toEqual([pod]);
      const spread = pod.spec.topologySpreadConstraints ?? [];
      expect(spread.map(({ labelSelector }) => selected(labelSelector ?? {}))).toEqual([[pod], [pod]]);
      expect(spec?.replicas).toBe(2);
    }
  });

  test('every Service selects pods that have the port', () => {
    const services = ofKind<Service>(manifests, 'Service');
    expect(services.map(({ metadata }) => metadata.name).toSorted()).toEqual(['gateway', 'worker-metrics']);
    for (const { spec } of services) {
      const pods = selected({ matchLabels: spec?.selector ?? {} });
      expect(pods).toHaveLength(1);
      for (const port of spec?.ports ?? []) {
        expect(pods.map((pod) => portNumber(pod, port.targetPort))).not.toContain(undefined);
      }
    }
  });

  test('gateways and workers keep all pods but one when nodes are drained', () => {
    const budgets = ofKind<PodDisruptionBudget>(manifests, 'PodDisruptionBudget');
    const protectedPods = budgets.flatMap(({ spec }) => selected(spec?.selector ?? {}).map(({ name }) => name));
    expect(protectedPods.toSorted()).toEqual(['gateway', 'worker']);
    expect(budgets.map(({ spec }) => spec?.maxUnavailable)).toEqual([1, 1]);
  });

  test('traffic is denied by default, and every other policy selects pods and ports that exist', () => {
    const policies = ofKind<NetworkPolicy>(manifests, 'NetworkPolicy');
    const everything = policies.find(({ spec }) => Object.keys(spec?.podSelector ?? {}).length === 0);
    expect(everything?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    for (const { spec } of policies) {
      const pods = selected(spec?.podSelector ?? {});
      expect(pods).not.toEqual([]);
      for (const { port } of (spec?.ingress ?? []).flatMap(({ ports = [] }) => ports)) {
        expect(pods.map((pod) => portNumber(pod, port))).not.toContain(undefined);
      }
    }
  });

  test('no policy opens the addresses where clouds keep credentials', () => {
    const rules = ofKind<NetworkPolicy>(manifests, 'NetworkPolicy').flatMap(({ spec }) => spec?.egress ?? []);
    const wide = rules.flatMap(({ to = [] }) => to).filter(({ ipBlock }) => ipBlock?.cidr === '0.0.0.0/0');
    expect(wide).not.toEqual([]);
    for (const { ipBlock } of wide) expect(ipBlock?.except).toContain('169.254.0.0/16');
  });

  test('images carry the version of this checkout', () => {
    const images = templates.map(({ name }) => container(name).image);
    expect(images.toSorted()).toEqual(
      PROCESS_NAMES.map((name) => `eden-migrations/${name}:${projectVersion()}`).toSorted(),
    );
  });
});

describe('life of a pod', () => {
  test.each<[string, number]>([
    ['gateway', 8000],
    ['worker', 9464],
  ])('%s is probed on port %i, for life and readiness apart', (name, port) => {
    const { startupProbe, livenessProbe, readinessProbe } = container(name);
    const asked = [startupProbe, livenessProbe, readinessProbe].map((probe: Probe | undefined) => [
      probe?.httpGet?.path,
      portNumber(template(name), probe?.httpGet?.port),
    ]);
    expect(asked).toEqual([
      ['/healthz', port],
      ['/healthz', port],
      ['/readyz', port],
    ]);
  });

  test.each(['gateway', 'worker'])('%s has time to drain before it is killed', (name) => {
    const [, seconds = '0'] = container(name).lifecycle?.preStop?.exec?.command ?? [];
    expect(template(name).spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(seconds) + DRAIN_SECONDS);
  });

  test('a gateway leaves the endpoints before it stops', () => {
    expect(container('gateway').lifecycle?.preStop?.exec?.command).toEqual(['sleep', '5']);
  });
});

const SECRET_VALUES: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgresql://eden:password@pooler:6432/eden',
  DATABASE_DIRECT_URL: 'postgresql://eden:password@database:5432/eden',
  REDIS_URL: 'rediss://:password@redis:6379',
  LOCK_REDIS_URLS: 'redis://a:6379,redis://b:6379,redis://c:6379',
  JWT_SECRET: 'a'.repeat(64),
  NEW_ORG_TOKEN: 'b'.repeat(64),
  ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
};

function secretKeys({ env = [] }: Container): string[] {
  return env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? []);
}

function settings({ envFrom = [] }: Container): Record<string, string> {
  const maps = ofKind<ConfigMap>(manifests, 'ConfigMap');
  return Object.assign(
    {},
    ...envFrom.map(({ configMapRef }) => {
      const map = maps.find(({ metadata }) => metadata.name === configMapRef?.name);
      if (map?.data === undefined) throw new Error(`no ConfigMap ${configMapRef?.name}`);
      return map.data;
    }),
  ) as Record<string, string>;
}

function environment(from: Container): Record<string, string> {
  const own = (from.env ?? []).map(({ name, value, valueFrom }) => {
    return [name, value ?? SECRET_VALUES[valueFrom?.secretKeyRef?.key ?? ''] ?? ''];
  });
  return { ...settings(from), ...(Object.fromEntries(own) as Record<string, string>) };
}

describe('configuration', () => {
  test.each(PROCESS_NAMES)('%s starts with the environment that it is given, and knows every name in it', (name) => {
    const given = environment(container(name));
    expect(() => CONFIG_LOADERS[name](given)).not.toThrow();
    expect(Object.keys(given).filter((variable) => !CONTRACT_VARIABLES.has(variable))).toEqual([]);
  });

  test('the listeners stand where Services and probes expect them', () => {
    expect(CONFIG_LOADERS.gateway(environment(container('gateway'))).http.port).toBe(8000);
    expect(CONFIG_LOADERS.worker(environment(container('worker'))).operations.port).toBe(9464);
  });

  test('a pod gets no secret that its process has no use for', () => {
    expect(secretKeys(container('db-deploy'))).toEqual(['DATABASE_URL', 'DATABASE_DIRECT_URL']);
    expect(secretKeys(container('worker'))).not.toContain('JWT_SECRET');
    expect(secretKeys(container('worker'))).not.toContain('NEW_ORG_TOKEN');
  });

  test('the example lists every key that is read, with placeholders, and is never applied', () => {
    const read = new Set(templates.flatMap(({ spec }) => containersOf(spec).flatMap(secretKeys)));
    expect(Object.keys(exampleSecret?.stringData ?? {}).toSorted()).toEqual([...read].toSorted());
    for (const value of Object.values(exampleSecret?.stringData ?? {})) expect(value).toMatch(/^<.*>$/);
    expect(ofKind(manifests, 'Secret')).toEqual([]);
    const references = templates.flatMap(({ spec }) => containersOf(spec).flatMap(({ env = [] }) => env));
    const names = new Set(references.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []));
    expect([...names]).toEqual([exampleSecret?.metadata.name]);
  });
});

describe('the example overlay', () => {
  const rendered = kustomize(EXAMPLE, 'not checked') ?? [];
  const testRendered = rendered.length > 0 ? test : test.skip;

  testRendered('renders objects that the API knows and pods that keep the standard', () => {
    expect(schemaErrors(rendered)).toEqual([]);
    expect(podTemplates(rendered).flatMap(podSecurityViolations)).toEqual([]);
  });

  testRendered('leaves the number of gateways to the autoscaler', () => {
    const [autoscaler] = ofKind<HorizontalPodAutoscaler>(rendered, 'HorizontalPodAutoscaler');
    const scaled = rendered.find(
      ({ kind, metadata }) =>
        kind === autoscaler?.spec?.scaleTargetRef.kind && metadata.name === autoscaler.spec.scaleTargetRef.name,
    ) as (Manifest & Deployment) | undefined;
    expect(scaled?.spec).toBeDefined();
    expect(scaled?.spec?.replicas).toBeUndefined();
  });

  testRendered('takes every image from the registry', () => {
    const images = podTemplates(rendered).flatMap(({ spec }) => containersOf(spec).map(({ image }) => image));
    expect(images).toHaveLength(PROCESS_NAMES.length);
    for (const image of images) expect(image).toMatch(/^registry\.example\.com\//);
  });
});
