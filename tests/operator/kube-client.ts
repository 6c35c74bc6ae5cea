import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '@eden/testkit';
import { parse } from 'yaml';

const DEFINITIONS = join(import.meta.dirname, '..', '..', 'charts', 'eden-migrations', 'operator');
const CUSTOM = '/apis/eden.dev/v1alpha1';

const PATHS: Readonly<Record<string, string>> = {
  Namespace: '/api/v1',
  Secret: '/api/v1',
  ConfigMap: '/api/v1',
  Event: '/api/v1',
  Lease: '/apis/coordination.k8s.io/v1',
  EdenConnection: CUSTOM,
  EdenMigration: CUSTOM,
  EdenMigrationApproval: CUSTOM,
};

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** What people do with kubectl, by plain requests. */
export class KubeClient {
  constructor(private readonly url: string) {}

  /** The chart's own definitions. */
  async define(): Promise<void> {
    for (const file of readdirSync(DEFINITIONS).filter((name) => name.startsWith('eden'))) {
      const definition = parse(readFileSync(join(DEFINITIONS, file), 'utf8')) as object;
      await this.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    }
  }

  async create(kind: string, namespace: string | null, name: string, rest: object = {}): Promise<KubeObject> {
    const metadata = { name, ...(rest as { metadata?: object }).metadata };
    return this.send('POST', pathOf(kind, namespace), { ...rest, kind, metadata });
  }

  async get(kind: string, namespace: string | null, name: string): Promise<KubeObject> {
    return this.send('GET', `${pathOf(kind, namespace)}/${name}`);
  }

  async list(kind: string, namespace: string): Promise<KubeObject[]> {
    return (await this.send<{ items: KubeObject[] }>('GET', pathOf(kind, namespace))).items;
  }

  async patch(kind: string, namespace: string, name: string, change: object): Promise<KubeObject> {
    return this.send('PATCH', `${pathOf(kind, namespace)}/${name}`, change, 'application/merge-patch+json');
  }

  async delete(kind: string, namespace: string | null, name: string): Promise<void> {
    await this.send('DELETE', `${pathOf(kind, namespace)}/${name}`);
  }

  /** Null when it is gone. */
  async find(kind: string, namespace: string | null, name: string): Promise<KubeObject | null> {
    return this.get(kind, namespace, name).catch(() => null);
  }

  private async send<Body = KubeObject>(
    method: string,
    path: string,
    body?: object,
    type = 'application/json',
  ): Promise<Body> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'Content-Type': type },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Body;
  }
}

function pathOf(kind: string, namespace: string | null): string {
  const below = namespace === null ? '' : `/namespaces/${namespace}`;
  return `${PATHS[kind]}${below}/${kind.toLowerCase()}s`;
}
