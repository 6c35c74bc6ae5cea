import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import {
  createDatabase,
  eventually,
  startCluster,
  startKubernetes,
  startOperator,
  startTcpProxy,
  testServers,
  withClient,
  type ApiClient,
  type KubernetesApiServer,
  type KubeObject,
  type Organization,
  type ServiceProcess,
  type TcpProxy,
  type TestDatabase,
} from '@eden/testkit';
import { KubeClient, type Condition } from './kube-client.js';

/** Long enough for a leader to be heard of in time on a busy machine. */
const LEASE_MS = 5_000;
/** So that what is missed by a watch is found in a test's time. */
const RESYNC_MS = 1_000;
const RELEASE_TIMEOUT_MS = 1_000;

interface Run {
  readonly uuid: string;
  readonly kind: string;
  readonly state: string;
}

/** Eden behind a proxy, two target databases, an API server, and operators. */
export class OperatorWorld {
  readonly namespace = 'shop';
  readonly kube: KubeClient;
  readonly gatewayPort: number;

  private constructor(
    readonly kubernetes: KubernetesApiServer,
    /** Between the operator and Eden. */
    readonly gateway: TcpProxy,
    private readonly organization: Organization,
    readonly databases: readonly [TestDatabase, TestDatabase],
  ) {
    this.kube = new KubeClient(kubernetes.url);
    this.gatewayPort = portOf(this.eden.gatewayUrl);
  }

  get eden(): ApiClient {
    return this.organization.client;
  }

  static async create(): Promise<OperatorWorld> {
    const cluster = await startCluster();
    const organization = await cluster.createOrganization();
    const kubernetes = await startKubernetes({ bookmarkMs: 500 });
    const { targets } = testServers();
    const databases = [await createDatabase(targets[0]), await createDatabase(targets[1])] as const;
    const gateway = await startTcpProxy(portOf(organization.client.gatewayUrl));
    const world = new OperatorWorld(kubernetes, gateway, organization, databases);
    const { kube } = world;
    await kube.define();
    await kube.create('Namespace', null, world.namespace);
    await world.addConnection('eden', 'ci', ['read', 'migrate']);
    await kube.create('Secret', world.namespace, 'databases', {
      data: base64({ a: databases[0].url, b: databases[1].url }),
    });
    return world;
  }

  startOperator(): Promise<ServiceProcess> {
    return startOperator(this.kubernetes, {
      OPERATOR_LEASE_MS: String(LEASE_MS),
      OPERATOR_RESYNC_MS: String(RESYNC_MS),
      OPERATOR_RELEASE_TIMEOUT_MS: String(RELEASE_TIMEOUT_MS),
      LOG_LEVEL: 'debug',
    });
  }

  /** A robot, its key in a Secret, and an EdenConnection by it. */
  async addConnection(
    name: string,
    robot: string,
    scopes: readonly string[],
    { namespace = this.namespace, by = this.eden }: { readonly namespace?: string; readonly by?: ApiClient } = {},
  ): Promise<void> {
    const username = `${robot}-${randomBytes(3).toString('hex')}`;
    const { status, body } = await by.post<{ data: { api_key: string } }>('/iam/robots', {
      username,
      access_level: 'Admin',
      scopes,
    });
    expect(status).toBe(200);
    await this.kube.create('Secret', namespace, robot, { data: base64({ token: body.data.api_key }) });
    const spec = { url: `http://127.0.0.1:${this.gateway.port}`, secretRef: { name: robot } };
    await this.kube.create('EdenConnection', namespace, name, { spec });
  }

  /** Whose robots are not those of the first one. */
  async anotherSuperAdmin(): Promise<ApiClient> {
    const [username, password] = ['another', randomBytes(18).toString('base64url')];
    expect((await this.eden.post('/iam/users', { username, password, access_level: 'SuperAdmin' })).status).toBe(200);
    return this.eden.logIn(this.organization.id, username, password);
  }

  /** A ConfigMap of dbmate's files, by name and SQL. */
  async addFiles(name: string, files: Readonly<Record<string, string>>, namespace = this.namespace): Promise<void> {
    await this.kube.create('ConfigMap', namespace, name, { data: dbmate(files) });
  }

  /** One folder over both databases. */
  async migrate(name: string, files: string, settings: object = {}, namespace = this.namespace): Promise<void> {
    const endpoint = (id: string, key: string) => ({
      id,
      kind: 'Postgres',
      configFrom: [{ field: 'url', secretKeyRef: { name: 'databases', key } }],
    });
    const source = (id: string) => ({
      endpoint: id,
      tool: 'dbmate',
      options: { table: `history_of_${name.replaceAll('-', '_')}` },
      configMapRefs: [{ name: files }],
    });
    const spec = {
      connectionRef: { name: 'eden' },
      endpoints: [endpoint('users', 'a'), endpoint('orders', 'b')],
      sources: [source('users'), source('orders')],
      ...settings,
    };
    await this.kube.create('EdenMigration', namespace, name, { spec });
  }

  /** One that has nothing to run: it is synced, and then as its spec says. */
  async bare(name: string, settings: object = {}): Promise<void> {
    await this.kube.create('EdenMigration', this.namespace, name, {
      spec: { connectionRef: { name: 'eden' }, ...settings },
    });
  }

  async condition(name: string, type = 'Ready', kind = 'EdenMigration'): Promise<Condition | undefined> {
    const { status } = await this.kube.get(kind, this.namespace, name);
    return (status as { conditions?: Condition[] } | undefined)?.conditions?.find((each) => each.type === type);
  }

  /** Waits until Ready says so. */
  async until(name: string, reason: string, kind = 'EdenMigration'): Promise<Condition> {
    return eventually(async () => {
      const condition = await this.condition(name, 'Ready', kind);
      expect(condition).toMatchObject({ reason });
      return condition as Condition;
    });
  }

  async status(name: string): Promise<Record<string, unknown>> {
    return ((await this.kube.get('EdenMigration', this.namespace, name)).status ?? {}) as Record<string, unknown>;
  }

  /** All that a release has had. */
  async runs(release: string): Promise<Run[]> {
    return (await this.eden.get<{ data: Run[] }>(`/migrations/${release}/runs`)).body.data;
  }

  /** The migrates that a release has had. */
  async migrates(release: string): Promise<Run[]> {
    return (await this.runs(release)).filter(({ kind }) => kind === 'migrate');
  }

  /** Names of the tables that are there, in both databases. */
  async tables(): Promise<string[][]> {
    return Promise.all(
      this.databases.map(({ url }) =>
        withClient(url, async (client) => {
          const sql = `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^history' ORDER BY 1`;
          return (await client.query<{ tablename: string }>(sql)).rows.map(({ tablename }) => tablename);
        }),
      ),
    );
  }

  /** Who holds the lease. */
  async leader(): Promise<string> {
    const lease = await this.kube.find('Lease', 'default', 'eden-operator');
    return (lease?.spec as { holderIdentity?: string } | undefined)?.holderIdentity ?? '';
  }

  async events(name: string): Promise<string[]> {
    const all = await this.kube.list('Event', this.namespace);
    return all.filter((event) => involved(event) === name).map((event) => String(event['reason']));
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function involved(event: KubeObject): string {
  return (event['involvedObject'] as { name: string }).name;
}

function base64(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
}

/** `1_made` and its SQL, as dbmate wants it. */
export function dbmate(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, sql]) => [
      `2026010100000${name}.sql`,
      `-- migrate:up\n${sql};\n\n-- migrate:down\n`,
    ]),
  );
}
