/**
 * What Kubernetes 1.32 answers this client, recorded from a real API server, and the fake server has to answer as well.
 * `EDEN_TEST_KUBECONFIG=<path> npx jest packages/testkit/src/kubernetes` asks a real one.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { createInterface, type Interface } from 'node:readline';
import {
  ApiException,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  EventsV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  V1MicroTime,
} from '@kubernetes/client-node';
import { eventually } from '../eventually.js';
import { KubernetesApiServer } from './api-server.js';
import { DEFINITION, GROUP, PLURAL } from './conformance-definition.js';

const OF_A_SERVER = process.env['EDEN_TEST_KUBECONFIG'];
const namespace = `conformance-${randomBytes(4).toString('hex')}`;
const OF_KIND = { group: GROUP, version: 'v1alpha1', plural: PLURAL, namespace };
const RESOURCE = `${PLURAL}.${GROUP}`;
const CONFLICT = 'the object has been modified; please apply your changes to the latest version and try again';

/** The client's type of definitions would drop `default` and `enum`, which it calls otherwise. */
const OF_DEFINITIONS = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' };

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const JSON_PATCH = setHeaderOptions('Content-Type', PatchStrategy.JsonPatch);
const STRATEGIC = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
const APPLY = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);

interface Object_ {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    uid: string;
    generation: number;
    resourceVersion: string;
    finalizers?: string[];
    labels?: Record<string, string>;
    deletionTimestamp?: string;
    deletionGracePeriodSeconds?: number;
  };
  spec: Record<string, unknown>;
  status?: { phase?: string; observedGeneration?: number; conditions?: object[] };
}

let fake: KubernetesApiServer | undefined;
let config: KubeConfig;
let objects: CustomObjectsApi;
let core: CoreV1Api;
let leases: CoordinationV1Api;

beforeAll(async () => {
  config = new KubeConfig();
  if (OF_A_SERVER === undefined) {
    fake = await KubernetesApiServer.start({ bookmarkMs: 50 });
    config.loadFromString(fake.kubeConfig);
  } else {
    config.loadFromFile(OF_A_SERVER);
  }
  objects = config.makeApiClient(CustomObjectsApi);
  core = config.makeApiClient(CoreV1Api);
  leases = config.makeApiClient(CoordinationV1Api);
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  const refusal = await refusalOf(objects.createClusterCustomObject({ ...OF_DEFINITIONS, body: DEFINITION }));
  if (refusal !== null && refusal.reason !== 'AlreadyExists') throw new Error(refusal.message);
  await eventually(() => objects.listNamespacedCustomObject(OF_KIND));
});

afterAll(async () => {
  await core.deleteNamespace({ name: namespace });
  await fake?.stop();
});

interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

/** Null when it was done. */
async function refusalOf(request: Promise<unknown>): Promise<Refusal | null> {
  try {
    await request;
    return null;
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    const body = (typeof error.body === 'string' ? JSON.parse(error.body) : error.body) as Refusal;
    return { code: error.code, reason: body.reason, message: body.message };
  }
}

function body(name: string, spec: object = { migrationId: `m_${name}` }, metadata: object = {}): object {
  return { apiVersion: `${GROUP}/v1alpha1`, kind: 'EdenMigration', metadata: { name, ...metadata }, spec };
}

async function create(name: string, spec?: object, metadata?: object): Promise<Object_> {
  return (await objects.createNamespacedCustomObject({ ...OF_KIND, body: body(name, spec, metadata) })) as Object_;
}

async function read(name: string): Promise<Object_> {
  return (await objects.getNamespacedCustomObject({ ...OF_KIND, name })) as Object_;
}

function patch(name: string, change: unknown, options: typeof MERGE | undefined = MERGE): Promise<Object_> {
  return objects.patchNamespacedCustomObject({ ...OF_KIND, name, body: change }, options) as Promise<Object_>;
}

function patchStatus(name: string, change: unknown, options: typeof MERGE | undefined = MERGE): Promise<Object_> {
  return objects.patchNamespacedCustomObjectStatus({ ...OF_KIND, name, body: change }, options) as Promise<Object_>;
}

function condition(status: string, fields: object = {}): object {
  const lastTransitionTime = '2026-11-26T12:00:00.127Z';
  return { type: 'Ready', status, reason: 'Syncing', message: '', lastTransitionTime, ...fields };
}

describe('a custom resource', () => {
  test('is created with generation 1 and its defaults, and without what only its status may say', async () => {
    const made = (await objects.createNamespacedCustomObject({
      ...OF_KIND,
      body: { ...body('made'), status: { phase: 'X' } },
    })) as Object_;
    expect(made.metadata.generation).toBe(1);
    expect(made.spec).toEqual({ action: 'Migrate', backoffLimit: 6, migrationId: 'm_made', suspend: false });
    expect(made.status).toBeUndefined();
  });

  test('is created once', async () => {
    await create('once');
    expect(await refusalOf(create('once'))).toEqual({
      code: 409,
      reason: 'AlreadyExists',
      message: `${RESOURCE} "once" already exists`,
    });
  });

  test('keeps its schema', async () => {
    expect(await refusalOf(create('bad', { migrationId: 'x y' }))).toEqual({
      code: 422,
      reason: 'Invalid',
      message: `EdenMigration.${GROUP} "bad" is invalid: spec.migrationId: Invalid value: "x y": spec.migrationId in body should match '^[A-Za-z0-9_-]+$'`,
    });
    expect(await refusalOf(create('bad', {}))).toMatchObject({
      code: 422,
      message: expect.stringContaining('spec.migrationId: Required value'),
    });
    expect(await refusalOf(create('bad', { migrationId: 'm', backoffLimit: 'x' }))).toMatchObject({ code: 422 });
  });

  test('loses what its schema does not know', async () => {
    expect((await create('pruned', { migrationId: 'm', wrong: 1 })).spec).not.toHaveProperty('wrong');
  });

  test('that is not there is not found', async () => {
    expect(await refusalOf(read('nope'))).toEqual({
      code: 404,
      reason: 'NotFound',
      message: `${RESOURCE} "nope" not found`,
    });
  });

  test('raises its generation with its spec, and not with its metadata or its status', async () => {
    await create('generations');
    expect((await patch('generations', { spec: { suspend: true } })).metadata.generation).toBe(2);
    expect((await patch('generations', { metadata: { labels: { a: 'b' } } })).metadata.generation).toBe(2);
    expect((await patchStatus('generations', { status: { phase: 'X' } })).metadata.generation).toBe(2);
  });

  test('that is not changed by a patch keeps its version', async () => {
    const { metadata } = await create('unchanged');
    const same = await patch('unchanged', { spec: { suspend: false } });
    expect(same.metadata.resourceVersion).toBe(metadata.resourceVersion);
  });
});

describe('the status', () => {
  test('is written by its subresource alone, which writes nothing else', async () => {
    await create('status');
    const written = await patchStatus('status', {
      status: { phase: 'Y', observedGeneration: 1 },
      spec: { suspend: true },
    });
    expect([written.status, written.spec['suspend'], written.metadata.generation]).toEqual([
      { phase: 'Y', observedGeneration: 1 },
      false,
      1,
    ]);
    expect((await patch('status', { status: { phase: 'Z' } })).status?.phase).toBe('Y');
  });

  test('is refused without the header that says which kind of patch it is: the client says JSON patch', async () => {
    await create('headerless');
    expect(
      await refusalOf(
        objects.patchNamespacedCustomObjectStatus({ ...OF_KIND, name: 'headerless', body: { status: {} } }),
      ),
    ).toEqual({
      code: 400,
      reason: 'BadRequest',
      message: 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    });
  });

  test('keeps its schema, and loses what that does not know', async () => {
    await create('conditions');
    const refusal = await refusalOf(
      patchStatus('conditions', {
        status: { conditions: [{ type: 'Ready', status: 'Maybe', reason: 'x', message: '' }] },
      }),
    );
    expect(refusal).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(refusal?.message).toContain(
      `EdenMigration.${GROUP} "conditions" is invalid: [status.conditions[0].status: Unsupported value: "Maybe": supported values: "True", "False", "Unknown", status.conditions[0].`,
    );
    const pruned = await patchStatus('conditions', {
      status: { phase: 'Y', wrong: 1, conditions: [condition('False')] },
    });
    expect(pruned.status).toEqual({ phase: 'Y', conditions: [condition('False')] });
  });

  test('is taken away by null', async () => {
    await create('cleared');
    await patchStatus('cleared', { status: { phase: 'Y', observedGeneration: 1 } });
    expect((await patchStatus('cleared', { status: { phase: null } })).status).toEqual({ observedGeneration: 1 });
  });
});

describe('a version that is not the newest', () => {
  test('is refused by a replacement and by a patch that names it', async () => {
    const old = await create('stale');
    await patch('stale', { spec: { suspend: true } });
    const conflict = {
      code: 409,
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on ${RESOURCE} "stale": ${CONFLICT}`,
    };
    const { resourceVersion } = old.metadata;
    expect(
      await refusalOf(objects.replaceNamespacedCustomObjectStatus({ ...OF_KIND, name: 'stale', body: old })),
    ).toEqual(conflict);
    expect(await refusalOf(patchStatus('stale', { metadata: { resourceVersion }, status: { phase: 'X' } }))).toEqual(
      conflict,
    );
  });

  test('has to be named by a replacement', async () => {
    await create('versionless');
    expect(
      await refusalOf(
        objects.replaceNamespacedCustomObject({ ...OF_KIND, name: 'versionless', body: body('versionless') }),
      ),
    ).toEqual({
      code: 422,
      reason: 'Invalid',
      message: `${RESOURCE} "versionless" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update`,
    });
  });

  test('of another object of the name is told by its uid', async () => {
    const { metadata } = await create('uid');
    const request = { ...OF_KIND, name: 'uid', body: { preconditions: { uid: 'wrong' } } };
    expect(await refusalOf(objects.deleteNamespacedCustomObject(request))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: expect.stringContaining(
        `Operation cannot be fulfilled on EdenMigration.${GROUP} "uid": the UID in the precondition (wrong) does not match the UID in record (${metadata.uid})`,
      ),
    });
  });
});

describe('patches', () => {
  test('are JSON patches, merge patches and applied ones', async () => {
    await create('patched');
    const replaced = await patch('patched', [{ op: 'replace', path: '/spec/suspend', value: true }], JSON_PATCH);
    expect(replaced.spec['suspend']).toBe(true);
    const applied = {
      apiVersion: `${GROUP}/v1alpha1`,
      kind: 'EdenMigration',
      metadata: { name: 'patched' },
      status: { phase: 'SSA' },
    };
    const request = { ...OF_KIND, name: 'patched', body: applied, fieldManager: 'test', force: true };
    await patchStatus('patched', { status: { observedGeneration: 1 } });
    const after = (await objects.patchNamespacedCustomObjectStatus(request, APPLY)) as Object_;
    expect(after.status).toEqual({ phase: 'SSA', observedGeneration: 1 });
  });

  test('of the strategic kind are none of custom resources', async () => {
    await create('strategic');
    expect(await refusalOf(patch('strategic', { spec: { suspend: true } }, STRATEGIC))).toMatchObject({ code: 415 });
  });

  test('that test what is not so are refused', async () => {
    await create('tested');
    const test_ = [{ op: 'test', path: '/spec/suspend', value: true }];
    expect(await refusalOf(patch('tested', test_, JSON_PATCH))).toMatchObject({ code: 422 });
  });
});

describe('finalizers', () => {
  test('hold a deletion, which raises the generation, until the last is taken away', async () => {
    await create('held', undefined, { finalizers: ['eden.dev/release'] });
    const going = (await objects.deleteNamespacedCustomObject({ ...OF_KIND, name: 'held' })) as Object_;
    expect([going.kind, going.metadata.generation, going.metadata.deletionGracePeriodSeconds]).toEqual([
      'EdenMigration',
      2,
      0,
    ]);
    expect(going.metadata.deletionTimestamp).toMatch(/^\d{4}-/);
    const more = patch('held', { metadata: { finalizers: ['eden.dev/release', 'eden.dev/late'] } });
    expect(await refusalOf(more)).toMatchObject({
      code: 422,
      message: expect.stringContaining(
        'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"eden.dev/late"}',
      ),
    });
    await patch('held', { metadata: { finalizers: [] } });
    expect(await refusalOf(read('held'))).toMatchObject({ code: 404 });
  });

  test('need no domain', async () => {
    expect((await create('plain-finalizer', undefined, { finalizers: ['release'] })).metadata.finalizers).toEqual([
      'release',
    ]);
    await patch('plain-finalizer', { metadata: { finalizers: null } });
  });
});

describe('a lease', () => {
  const of = { namespace, name: 'eden' };

  test('is refused with times of three digits, which is what a Date is written as', async () => {
    const spec = { holderIdentity: 'a', renewTime: new Date('2026-11-26T12:00:00.127Z') as never };
    const refusal = await refusalOf(
      leases.createNamespacedLease({ namespace, body: { metadata: { name: 'dated' }, spec } }),
    );
    expect(refusal).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(refusal?.message).toContain('Lease in version "v1" cannot be handled as a Lease: parsing time');
    expect(refusal?.message).toContain('cannot parse ".127Z" as ".000000"');
  });

  test('reads its times back as texts, and is replaced as it was read', async () => {
    const spec = { holderIdentity: 'a', renewTime: new V1MicroTime('2026-11-26T12:00:00.127Z') };
    const made = await leases.createNamespacedLease({ namespace, body: { metadata: { name: 'eden' }, spec } });
    expect(made.spec?.renewTime).toBe('2026-11-26T12:00:00.127000Z');
    const kept = await leases.readNamespacedLease(of);
    const replaced = await leases.replaceNamespacedLease({ ...of, body: kept });
    expect(replaced.spec).toEqual(kept.spec);
  });

  test('is not replaced by who has read an older one', async () => {
    const old = await leases.readNamespacedLease(of);
    await leases.replaceNamespacedLease({ ...of, body: { ...old, spec: { ...old.spec, holderIdentity: 'b' } } });
    const late = leases.replaceNamespacedLease({ ...of, body: { ...old, spec: { ...old.spec, holderIdentity: 'c' } } });
    expect(await refusalOf(late)).toEqual({
      code: 409,
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on leases.coordination.k8s.io "eden": ${CONFLICT}`,
    });
  });
});

describe('events', () => {
  const involved = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'p1' };

  test('of the core get a name from their generateName', async () => {
    const event = {
      metadata: { generateName: 'p1-' },
      involvedObject: involved,
      reason: 'Tried',
      message: 'x',
      type: 'Normal',
    };
    const made = await core.createNamespacedEvent({ namespace, body: event });
    expect(made.metadata.name).toMatch(/^p1-[a-z0-9]{5}$/);
  });

  const modern = {
    metadata: { generateName: 'p1.' },
    regarding: involved,
    reason: 'Tried',
    action: 'Try',
    type: 'Normal',
    note: 'x',
    reportingController: 'eden.dev/test',
    reportingInstance: 'test',
  };

  test('of events.k8s.io want six digits in their time, and no dot at the end of a generateName', async () => {
    const events = config.makeApiClient(EventsV1Api);
    const dated = { ...modern, eventTime: new Date('2026-11-26T12:00:00.212Z') as never };
    const refusal = await refusalOf(events.createNamespacedEvent({ namespace, body: dated }));
    expect(refusal?.message).toContain('Event in version "v1" cannot be handled as a Event: parsing time');
    const dotted = { ...modern, eventTime: new V1MicroTime() };
    expect(await refusalOf(events.createNamespacedEvent({ namespace, body: dotted }))).toMatchObject({
      code: 422,
      message: expect.stringContaining('metadata.generateName: Invalid value: "p1."'),
    });
    const long = { ...dotted, note: 'x'.repeat(1025) };
    expect((await refusalOf(events.createNamespacedEvent({ namespace, body: long })))?.message).toContain(
      'message: Invalid value: "": can have at most 1024 characters',
    );
  });
});

describe('lists and watches', () => {
  test('take selectors of labels and of names', async () => {
    await create('selected', undefined, { labels: { tier: 'a' } });
    await create('other', undefined, { labels: { tier: 'b' } });
    const names = async (query: object): Promise<string[]> => {
      const { items } = (await objects.listNamespacedCustomObject({ ...OF_KIND, ...query })) as { items: Object_[] };
      return items.map(({ metadata }) => metadata.name).sort();
    };
    expect(await names({ labelSelector: 'tier=a' })).toEqual(['selected']);
    expect(await names({ labelSelector: 'tier in (a,b)' })).toEqual(['other', 'selected']);
    expect(await names({ labelSelector: 'tier,tier!=a' })).toEqual(['other']);
    expect(await names({ fieldSelector: 'metadata.name=other' })).toEqual(['other']);
  });

  test('go on from a list, name what comes and goes, and end with their time', async () => {
    const { metadata } = (await objects.listNamespacedCustomObject(OF_KIND)) as {
      metadata: { resourceVersion: string };
    };
    const watch = await Watching.open(metadata.resourceVersion, { labelSelector: 'seen=yes', timeoutSeconds: 2 });
    await create('seen', undefined, { labels: { seen: 'yes' } });
    await patch('seen', { spec: { suspend: true } });
    await patch('seen', { metadata: { labels: { seen: 'no' } } });
    await watch.ended;
    expect(watch.events).toEqual(['ADDED seen', 'MODIFIED seen', 'DELETED seen']);
  });

  const testOfFake = OF_A_SERVER === undefined ? test : test.skip;

  testOfFake('send bookmarks, and say so when they begin too long ago', async () => {
    const { resourceVersion } = (await create('expiring')).metadata;
    const marked = await Watching.open(resourceVersion, { allowWatchBookmarks: true });
    await once(marked.lines, 'line');
    expect(marked.bookmarks).toBeGreaterThan(0);
    marked.stop();
    fake?.store.compact();
    const expired = await Watching.open(resourceVersion, {});
    await expired.ended;
    expect(expired.events).toEqual(['ERROR 410']);
  });
});

/** The stream as it comes: the client's own Watch hides bookmarks' moments from a test. */
class Watching {
  readonly events: string[] = [];
  bookmarks = 0;
  readonly ended: Promise<unknown>;

  private constructor(
    readonly lines: Interface,
    private readonly controller: AbortController,
  ) {
    this.ended = once(lines, 'close');
    lines.on('line', (line) => this.hear(JSON.parse(line) as { type: string; object: Object_ & { code?: number } }));
  }

  static async open(resourceVersion: string, query: Record<string, string | number | boolean>): Promise<Watching> {
    const url = new URL(
      `${config.getCurrentCluster()?.server}/apis/${GROUP}/v1alpha1/namespaces/${namespace}/${PLURAL}`,
    );
    for (const [key, value] of Object.entries({ watch: true, resourceVersion, ...query }))
      url.searchParams.set(key, String(value));
    const controller = new AbortController();
    const stream = await openStream(url, controller.signal);
    return new Watching(createInterface(stream), controller);
  }

  stop(): void {
    this.lines.close();
    this.controller.abort();
  }

  private hear({ type, object }: { type: string; object: Object_ & { code?: number } }): void {
    if (type === 'BOOKMARK') this.bookmarks += 1;
    else this.events.push(`${type} ${object.code ?? object.metadata.name}`);
  }
}

async function openStream(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const options: RequestOptions = { signal };
  await config.applyToHTTPSOptions(options);
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  for (const stream of [request, response]) stream.on('error', () => undefined);
  return response;
}

describe('a namespace', () => {
  test('that is not there takes nothing, and one that goes takes what it has with it, finalizers first', async () => {
    expect(
      await refusalOf(core.createNamespacedSecret({ namespace: 'nowhere', body: { metadata: { name: 's' } } })),
    ).toMatchObject({ code: 404 });
    const name = `${namespace}-goes`;
    const of = { ...OF_KIND, namespace: name };
    await core.createNamespace({ body: { metadata: { name } } });
    await core.createNamespacedSecret({ namespace: name, body: { metadata: { name: 's' }, data: { a: 'Yg==' } } });
    await objects.createNamespacedCustomObject({
      ...of,
      body: body('last', undefined, { finalizers: ['eden.dev/release'] }),
    });
    await core.deleteNamespace({ name });
    await eventually(async () => {
      const found = (await objects.getNamespacedCustomObject({ ...of, name: 'last' })) as Object_;
      expect(found.metadata.deletionTimestamp).toBeDefined();
    });
    expect(await refusalOf(core.readNamespacedSecret({ namespace: name, name: 's' }))).toMatchObject({ code: 404 });
    const late = core.createNamespacedConfigMap({ namespace: name, body: { metadata: { name: 'late' } } });
    expect(await refusalOf(late)).toMatchObject({ code: 403, reason: 'Forbidden' });
    await objects.patchNamespacedCustomObject({ ...of, name: 'last', body: { metadata: { finalizers: [] } } }, MERGE);
    await eventually(async () => expect(await refusalOf(core.readNamespace({ name }))).toMatchObject({ code: 404 }));
  });
});

describe('discovery', () => {
  test('names the kinds of a definition, with their subresources', async () => {
    const found = await objects.getAPIResources({ group: GROUP, version: 'v1alpha1' });
    expect(found.resources.map(({ name }) => name).sort()).toEqual([PLURAL, `${PLURAL}/status`]);
  });
});
