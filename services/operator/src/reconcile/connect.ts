import { answerOf, connect, type Connection } from '@eden/client';
import type { Cluster } from '../kubernetes/cluster.js';
import type { CaRef, EdenConnection, KeyRef } from '../resources/objects.js';
import { Obstacle } from './obstacle.js';
import { fetchBelieving } from './private-authority.js';

export type SecretReader = Pick<Cluster, 'readSecret'>;
export type ConnectionReader = Pick<Cluster, 'read' | 'readSecret' | 'readConfigMap'>;

/** The queue tries again by itself, so one request does not try for long. */
const PATIENCE = { attempts: 2, timeoutMs: 30_000, atWorkMs: 0 };

/** @throws Obstacle when the EdenConnection, its Secret or the key in it is not there */
export async function connectBy(cluster: ConnectionReader, namespace: string, name: string): Promise<Connection> {
  return openConnection(cluster, await readConnection(cluster, namespace, name));
}

/** @throws Obstacle when it is not there */
export async function readConnection(
  cluster: Pick<Cluster, 'read'>,
  namespace: string,
  name: string,
): Promise<EdenConnection> {
  const found = await cluster.read<EdenConnection>('EdenConnection', { namespace, name });
  if (found === null) throw new Obstacle('ConnectionNotFound', `EdenConnection ${name} is not there`);
  return found;
}

/** @throws Obstacle when a Secret, a ConfigMap or the key in it is not there */
export async function openConnection(
  cluster: Pick<Cluster, 'readSecret' | 'readConfigMap'>,
  { metadata: { namespace }, spec }: EdenConnection,
): Promise<Connection> {
  const { value: token } = await readKey(cluster, namespace, spec.secretRef);
  const trust = spec.caRef === undefined ? {} : { fetch: fetchBelieving(await readCa(cluster, namespace, spec.caRef)) };
  return connect({ url: spec.url, token: () => token.trim(), ...PATIENCE, ...trust });
}

async function readCa(
  cluster: Pick<Cluster, 'readSecret' | 'readConfigMap'>,
  namespace: string,
  ref: CaRef,
): Promise<string> {
  if (ref.kind === 'Secret') return (await readKey(cluster, namespace, ref)).value;
  const { name, key } = ref;
  const found = await cluster.readConfigMap({ namespace, name });
  if (found === null) throw new Obstacle('ConfigMapNotFound', `ConfigMap ${name} is not there`);
  const value = found.data[key];
  if (value === undefined) throw new Obstacle('KeyNotFound', `ConfigMap ${name} has no key ${key}`);
  return value;
}

/** A value of a Secret, and which version of the Secret it is of. */
export interface SecretValue {
  readonly value: string;
  readonly version: string;
}

/** @throws Obstacle SecretNotFound, KeyNotFound */
export async function readKey(cluster: SecretReader, namespace: string, { name, key }: KeyRef): Promise<SecretValue> {
  const secret = await cluster.readSecret({ namespace, name });
  if (secret === null) throw new Obstacle('SecretNotFound', `Secret ${name} is not there`);
  const value = secret.values[key];
  if (value === undefined || value === '') throw new Obstacle('KeyNotFound', `Secret ${name} has no key ${key}`);
  return { value, version: secret.version };
}

/** Who a connection is at the gateway. */
export interface Identity {
  readonly organization: string;
  readonly name: string;
  readonly uuid: string;
  readonly level: string;
  /** Null: whatever the level allows. */
  readonly scopes: readonly string[] | null;
}

/** @throws ApiError, UnreachableError */
export async function identify(connection: Connection): Promise<Identity> {
  return (await answerOf(connection.GET('/api/v1/auth/me'))).data;
}
