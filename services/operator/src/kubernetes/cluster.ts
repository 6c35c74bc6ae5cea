import {
  CoordinationV1Api,
  CoreV1Api,
  createConfiguration,
  CustomObjectsApi,
  PatchStrategy,
  ServerConfiguration,
  setHeaderOptions,
  type CoreV1Event,
  type KubeConfig,
  type V1Lease,
} from '@kubernetes/client-node';
import type { CommonStatus, Kind, ObjectKey, Resource } from '../resources/objects.js';
import { GROUP, PLURALS, VERSION } from '../resources/objects.js';
import { nullIfMissing } from './errors.js';

/** An API server that does not answer must not hold anybody up for ever. */
const TIMEOUT_MS = 15_000;

/** Merge patches: without this header the client sends JSON patches, whatever the body is. */
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

type Texts = Readonly<Record<string, string>>;

/** A ConfigMap's texts, and what it holds as bytes. */
export interface ConfigMapContent {
  readonly data: Texts;
  readonly binaryData: Texts;
}

/** A Secret's values, base64 undone, and which of its versions they are of. */
export interface SecretContent {
  readonly version: string;
  readonly values: Texts;
}

interface ListAnswer {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Resource[];
}

export interface ObjectList {
  readonly resourceVersion: string;
  readonly items: readonly Resource[];
}

/** What the operator asks of the API server, and nothing more: its ClusterRole allows the same. */
export class Cluster {
  private readonly objects: CustomObjectsApi;
  private readonly core: CoreV1Api;
  private readonly leases: CoordinationV1Api;

  constructor(config: KubeConfig, { timeoutMs = TIMEOUT_MS }: { readonly timeoutMs?: number } = {}) {
    const configuration = configurationOf(config, timeoutMs);
    this.objects = new CustomObjectsApi(configuration);
    this.core = new CoreV1Api(configuration);
    this.leases = new CoordinationV1Api(configuration);
  }

  /** Null when it is gone. */
  async read<Object extends Resource>(kind: Kind, key: ObjectKey): Promise<Object | null> {
    return nullIfMissing(this.objects.getNamespacedCustomObject({ ...of(kind), ...key })) as Promise<Object | null>;
  }

  async list<Object extends Resource>(kind: Kind, namespace: string): Promise<readonly Object[]> {
    const answer = (await this.objects.listNamespacedCustomObject({ ...of(kind), namespace })) as { items: Object[] };
    return answer.items;
  }

  /** Of one namespace or of all, with the version that a watch may go on from. */
  async listAll(kind: Kind, namespace: string | undefined): Promise<ObjectList> {
    const answer = (await (namespace === undefined
      ? this.objects.listCustomObjectForAllNamespaces(of(kind))
      : this.objects.listNamespacedCustomObject({ ...of(kind), namespace }))) as ListAnswer;
    return { resourceVersion: answer.metadata.resourceVersion, items: answer.items };
  }

  /**
   * Writes the status of the object as it was read.
   * @throws ApiException 409 when somebody else has changed it since
   */
  async patchStatus({ kind, metadata }: Resource, status: CommonStatus): Promise<void> {
    const { namespace, name, resourceVersion } = metadata;
    const body = { metadata: { resourceVersion }, status };
    await this.objects.patchNamespacedCustomObjectStatus({ ...of(kind), namespace, name, body }, MERGE);
  }

  /** @throws ApiException 409 when somebody else has changed it since */
  async setFinalizers<Object extends Resource>(object: Object, finalizers: readonly string[]): Promise<Object> {
    const { namespace, name, resourceVersion } = object.metadata;
    const body = { metadata: { resourceVersion, finalizers } };
    return this.objects.patchNamespacedCustomObject(
      { ...of(object.kind), namespace, name, body },
      MERGE,
    ) as Promise<Object>;
  }

  /** Null when it is not there. */
  async readSecret(key: ObjectKey): Promise<SecretContent | null> {
    const secret = await nullIfMissing(this.core.readNamespacedSecret(key));
    if (secret === null) return null;
    const entries = Object.entries(secret.data ?? {});
    const values = entries.map(([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')]);
    const { uid = '', resourceVersion = '' } = secret.metadata ?? {};
    return { version: `${uid} ${resourceVersion}`, values: Object.fromEntries(values) as Texts };
  }

  async readConfigMap(key: ObjectKey): Promise<ConfigMapContent | null> {
    const found = await nullIfMissing(this.core.readNamespacedConfigMap(key));
    return found === null ? null : { data: found.data ?? {}, binaryData: found.binaryData ?? {} };
  }

  async createEvent(namespace: string, body: CoreV1Event): Promise<void> {
    await this.core.createNamespacedEvent({ namespace, body });
  }

  async readLease(key: ObjectKey): Promise<V1Lease | null> {
    return nullIfMissing(this.leases.readNamespacedLease(key));
  }

  /** @throws ApiException 409 when somebody else was faster */
  async createLease(namespace: string, body: V1Lease): Promise<V1Lease> {
    return this.leases.createNamespacedLease({ namespace, body });
  }

  /** @throws ApiException 409 when it has changed since it was read */
  async replaceLease({ namespace, name }: ObjectKey, body: V1Lease): Promise<V1Lease> {
    return this.leases.replaceNamespacedLease({ namespace, name, body });
  }
}

function of(kind: Kind) {
  return { group: GROUP, version: VERSION, plural: PLURALS[kind] };
}

function configurationOf(config: KubeConfig, timeoutMs: number) {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('The kubeconfig has no current cluster');
  return createConfiguration({
    baseServer: new ServerConfiguration(cluster.server, {}),
    authMethods: { default: config },
    promiseMiddleware: [
      {
        pre: (request) => {
          request.setSignal(AbortSignal.timeout(timeoutMs));
          return Promise.resolve(request);
        },
        post: (response) => Promise.resolve(response),
      },
    ],
  });
}
