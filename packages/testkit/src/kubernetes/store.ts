import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { admit } from './admission.js';
import { copyOf, type KubeObject, type Metadata } from './objects.js';
import { apiVersionOf, BUILT_IN, CRD, kindName, resourceName, typesOf, type ResourceType } from './resources.js';
import type { Selector } from './selectors.js';
import { invalid, StatusError } from './status-error.js';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly resource: string;
  readonly object: KubeObject;
  /** As it was; undefined when it is new. */
  readonly before: KubeObject | undefined;
}

export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

type Listener = (change: Change) => void;

/** Which object of which kind; a namespace where the kind has them. */
export interface Address {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Objects with versions, and what has become of them since. */
export class ObjectStore {
  private readonly objects = new Map<string, KubeObject>();
  private readonly history: Change[] = [];
  private readonly listeners = new Set<Listener>();
  private custom: ResourceType[] = [];
  private lastVersion = 100;
  private forgottenVersion = 0;

  constructor() {
    for (const name of ['default', 'kube-system']) this.createNamespace(name);
  }

  get version(): number {
    return this.lastVersion;
  }

  get types(): readonly ResourceType[] {
    return [...BUILT_IN, ...this.custom];
  }

  createNamespace(name: string): void {
    const type = BUILT_IN[0] as ResourceType;
    this.create(type, undefined, { metadata: { name } } as KubeObject);
  }

  get({ type, namespace, name }: Address): KubeObject {
    const found = this.objects.get(keyOf(type, namespace, name));
    if (found === undefined) throw new StatusError(404, `${resourceName(type)} "${name}" not found`);
    return copyOf(found);
  }

  list(type: ResourceType, namespace: string | undefined, selector: Selector): KubeObject[] {
    const below = keyOf(type, namespace, '');
    const all = [...this.objects].filter(([key]) =>
      key.startsWith(namespace === undefined ? `${resourceName(type)}/` : below),
    );
    return all.map(([, object]) => copyOf(object)).filter(selector);
  }

  create(type: ResourceType, namespace: string | undefined, given: KubeObject): KubeObject {
    if (type.namespaced) this.assertOpen(type, namespace as string, given);
    const metadata = newMetadata(type, namespace, given.metadata);
    const { status: _, ...rest } = given;
    const whole = { ...(type.hasStatus ? rest : given), ...identity(type), metadata } as KubeObject;
    const object = admit(type, { ...whole, ...(type.kind === 'Namespace' ? { status: { phase: 'Active' } } : {}) });
    const key = keyOf(type, namespace, metadata.name);
    if (this.objects.has(key)) {
      throw new StatusError(409, `${resourceName(type)} "${metadata.name}" already exists`, 'AlreadyExists');
    }
    const kept = this.keep(type, 'ADDED', object, undefined);
    if (type === CRD) this.custom = [...this.custom, ...typesOf(kept)];
    return kept;
  }

  /** What another one has written since is not overwritten: the version has to be that of the object, where one is given. */
  replace(address: Address, given: KubeObject, subresource: 'status' | null, isPatch = false): KubeObject {
    const { type, name } = address;
    const before = this.get(address);
    checkVersion(address, before, given, isPatch);
    const object = admit(type, merged(type, before, given, subresource), before);
    checkFinalizers(type, before, object);
    if (isDeepStrictEqual(before, object)) return before;
    if (isNewGeneration(type, before, object)) object.metadata.generation = (before.metadata.generation ?? 0) + 1;
    return this.isOver(object) ? this.remove(type, object) : this.keep(type, 'MODIFIED', object, before);
  }

  /** The object as it goes, or as it waits for its finalizers. */
  delete(address: Address, preconditions: Preconditions = {}): { object: KubeObject; isGone: boolean } {
    const { type, name } = address;
    const before = this.get(address);
    checkPreconditions(address, before, preconditions);
    if (!isHeld(type, before)) return { object: this.remove(type, before), isGone: true };
    if (before.metadata.deletionTimestamp !== undefined) return { object: before, isGone: false };
    const going = {
      ...before,
      ...(type.kind === 'Namespace' ? { status: { phase: 'Terminating' } } : {}),
      metadata: departing(before),
    };
    const object = this.keep(type, 'MODIFIED', going, before);
    if (type.kind === 'Namespace') this.empty(name);
    return { object, isGone: false };
  }

  /** Told of every change from now on. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What has changed since. @throws StatusError 410 when that is too long ago */
  changesSince(version: number): readonly Change[] {
    if (version < this.forgottenVersion) {
      throw new StatusError(410, `too old resource version: ${version} (${this.forgottenVersion})`);
    }
    return this.history.filter((change) => change.version > version);
  }

  /** Forgets what has changed until now: watches that begin before are too old. */
  compact(): void {
    this.lastVersion += 1;
    this.forgottenVersion = this.lastVersion;
    this.history.length = 0;
  }

  private assertOpen(type: ResourceType, namespace: string, given: KubeObject): void {
    const found = this.objects.get(keyOf(BUILT_IN[0] as ResourceType, undefined, namespace));
    if (found === undefined) throw new StatusError(404, `namespaces "${namespace}" not found`);
    if (found.metadata.deletionTimestamp === undefined) return;
    const name = given.metadata?.name ?? '';
    const text = `${resourceName(type)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`;
    throw new StatusError(403, text);
  }

  private keep(
    type: ResourceType,
    change: 'ADDED' | 'MODIFIED',
    object: KubeObject,
    before: KubeObject | undefined,
  ): KubeObject {
    const kept = copyOf(object);
    kept.metadata.resourceVersion = String((this.lastVersion += 1));
    this.objects.set(keyOf(type, kept.metadata.namespace, kept.metadata.name), kept);
    this.tell({ type: change, version: this.lastVersion, resource: resourceName(type), object: kept, before });
    return copyOf(kept);
  }

  private remove(type: ResourceType, object: KubeObject): KubeObject {
    const gone = copyOf(object);
    gone.metadata.resourceVersion = String((this.lastVersion += 1));
    this.objects.delete(keyOf(type, gone.metadata.namespace, gone.metadata.name));
    if (type === CRD)
      this.custom = this.custom.filter(({ group, plural }) => `${plural}.${group}` !== gone.metadata.name);
    this.tell({
      type: 'DELETED',
      version: this.lastVersion,
      resource: resourceName(type),
      object: gone,
      before: object,
    });
    if (gone.metadata.namespace !== undefined) this.endNamespaceIfEmpty(gone.metadata.namespace);
    return copyOf(gone);
  }

  private tell(change: Change): void {
    this.history.push(change);
    for (const listener of this.listeners) listener(change);
  }

  private isOver({ metadata }: KubeObject): boolean {
    return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0;
  }

  private contentOf(namespace: string): Address[] {
    return this.types
      .filter(({ namespaced }) => namespaced)
      .flatMap((type) =>
        this.list(type, namespace, () => true).map(({ metadata: { name } }) => ({ type, namespace, name })),
      );
  }

  /** A namespace takes everything with it, in no order that anybody may count on. */
  private empty(namespace: string): void {
    for (const address of this.contentOf(namespace)) this.delete(address);
    this.endNamespaceIfEmpty(namespace);
  }

  private endNamespaceIfEmpty(name: string): void {
    const type = BUILT_IN[0] as ResourceType;
    const found = this.objects.get(keyOf(type, undefined, name));
    if (found?.metadata.deletionTimestamp === undefined || this.contentOf(name).length > 0) return;
    this.remove(type, found);
  }
}

function keyOf(type: ResourceType, namespace: string | undefined, name: string): string {
  return `${resourceName(type)}/${namespace ?? ''}/${name}`;
}

function identity(type: ResourceType) {
  return { apiVersion: apiVersionOf(type), kind: type.kind };
}

/** The server keeps no fractions of seconds. */
function wholeSeconds(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

function newMetadata(
  type: ResourceType,
  namespace: string | undefined,
  { name, generateName, labels, annotations, finalizers }: Partial<Metadata> = {},
): Metadata {
  const generated = `${generateName ?? ''}${randomBytes(3).toString('hex').slice(0, 5)}`;
  const all = {
    ...{ labels, annotations, finalizers, namespace },
    generateName: name === undefined ? generateName : undefined,
    name: name ?? (generateName === undefined ? '' : generated),
    uid: randomUUID(),
    resourceVersion: '',
    generation: type.schema === undefined ? undefined : 1,
    creationTimestamp: wholeSeconds(),
  };
  return copyOf(all) as Metadata;
}

function isHeld({ kind }: ResourceType, { metadata }: KubeObject): boolean {
  return kind === 'Namespace' || (metadata.finalizers ?? []).length > 0;
}

function departing({ metadata }: KubeObject): Metadata {
  const { generation } = metadata;
  return {
    ...metadata,
    deletionTimestamp: wholeSeconds(),
    deletionGracePeriodSeconds: 0,
    ...(generation === undefined ? {} : { generation: generation + 1 }),
  };
}

/** A replacement has to name the version that it replaces; a patch may. */
function checkVersion({ type, name }: Address, before: KubeObject, given: KubeObject, isPatch: boolean): void {
  const version = given.metadata.resourceVersion as string | undefined;
  if (!isPatch && [undefined, ''].includes(version)) {
    const detail = 'Invalid value: 0x0: must be specified for an update';
    throw invalid(`${resourceName(type)} "${name}"`, [{ path: 'metadata.resourceVersion', detail }]);
  }
  if (version !== undefined && version !== before.metadata.resourceVersion) throw modified(type, name);
}

function checkPreconditions({ type, name }: Address, { metadata }: KubeObject, wanted: Preconditions): void {
  const { uid = metadata.uid, resourceVersion = metadata.resourceVersion } = wanted;
  if (uid !== metadata.uid) throw uidMismatch(type, name, uid, metadata.uid);
  if (resourceVersion !== metadata.resourceVersion) throw modified(type, name);
}

function isNewGeneration(type: ResourceType, before: KubeObject, after: KubeObject): boolean {
  return type.schema !== undefined && !isDeepStrictEqual(content(type, before), content(type, after));
}

/** What a client may change of an object by this way; the rest stays as it is. */
function merged(type: ResourceType, before: KubeObject, given: KubeObject, subresource: 'status' | null): KubeObject {
  if (subresource === 'status') return { ...before, ...('status' in given ? { status: given.status ?? null } : {}) };
  const { labels, annotations, finalizers } = given.metadata;
  const { labels: _, annotations: __, finalizers: ___, ...fixed } = before.metadata;
  const metadata = {
    ...fixed,
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(finalizers === undefined ? {} : { finalizers }),
  };
  const { status: _status, ...rest } = given;
  const status = type.hasStatus ? (before.status === undefined ? {} : { status: before.status }) : statusOf(given);
  return { ...rest, ...status, ...identity(type), metadata } as KubeObject;
}

function statusOf({ status }: KubeObject): object {
  return status === undefined ? {} : { status };
}

/** What raises the generation. */
function content({ hasStatus }: ResourceType, { metadata: _, status, ...rest }: KubeObject): object {
  return hasStatus ? rest : { ...rest, status };
}

function checkFinalizers(type: ResourceType, before: KubeObject, after: KubeObject): void {
  if (before.metadata.deletionTimestamp === undefined) return;
  const added = (after.metadata.finalizers ?? []).filter((each) => before.metadata.finalizers?.includes(each) !== true);
  if (added.length === 0) return;
  const detail = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((each) => `"${each}"`).join(', ')}}`;
  throw invalid(`${kindName(type)} "${after.metadata.name}"`, [{ path: 'metadata.finalizers', detail }]);
}

function modified(type: ResourceType, name: string): StatusError {
  const text = 'the object has been modified; please apply your changes to the latest version and try again';
  return new StatusError(409, `Operation cannot be fulfilled on ${resourceName(type)} "${name}": ${text}`);
}

function uidMismatch(type: ResourceType, name: string, asked: string, actual: string): StatusError {
  const detail = `the UID in the precondition (${asked}) does not match the UID in record (${actual}). The object might have been deleted and then recreated`;
  return new StatusError(409, `Operation cannot be fulfilled on ${kindName(type)} "${name}": ${detail}`);
}
