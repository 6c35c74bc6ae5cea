import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { eventually, KubernetesApiServer } from '@eden/testkit';
import type { Resource } from '../resources/objects.js';
import { Cluster } from './cluster.js';
import { watchKind, type WatchTiming } from './watch.js';

const TIMING = { streamMs: 60_000, silenceMs: 60_000, firstRetryMs: 20, longestRetryMs: 40 };

let server: KubernetesApiServer;
let stopping: AbortController;
let watching: Promise<void>;

beforeEach(async () => {
  server = await KubernetesApiServer.start({ bookmarkMs: 10_000 });
  server.store.create(
    server.store.types.find(({ kind }) => kind === 'CustomResourceDefinition') as never,
    undefined,
    DEFINITION as never,
  );
  stopping = new AbortController();
});

afterEach(async () => {
  stopping.abort();
  await watching;
  await server.stop();
});

const DEFINITION = {
  metadata: { name: 'edenconnections.eden.dev' },
  spec: {
    group: 'eden.dev',
    scope: 'Namespaced',
    names: { kind: 'EdenConnection', plural: 'edenconnections' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

function create(name: string): void {
  const type = server.store.types.find(({ kind }) => kind === 'EdenConnection');
  server.store.create(type as never, 'default', { metadata: { name } } as never);
}

function watch(timing: Partial<WatchTiming> = {}, onObject: (object: Resource) => void = () => undefined) {
  const config = new KubeConfig();
  config.loadFromString(server.kubeConfig);
  const heard: string[] = [];
  const interruptions: string[] = [];
  const hear = (object: Resource): void => {
    heard.push(object.metadata.name);
    onObject(object);
  };
  watching = watchKind(
    {
      cluster: new Cluster(config, { timeoutMs: 100 }),
      config,
      kind: 'EdenConnection',
      namespace: undefined,
      onListed: (objects) => objects.forEach(hear),
      onObject: hear,
      onGone: ({ metadata }) => heard.push(`-${metadata.name}`),
      onInterruption: (reason) => interruptions.push(reason),
      timing: { ...TIMING, ...timing },
    },
    stopping.signal,
  );
  return { heard, interruptions };
}

async function hears(heard: readonly string[], name: string): Promise<void> {
  await eventually(() => expect(heard).toContain(name), { timeoutMs: 10_000 });
}

test('what is there, what comes and what goes is told of', async () => {
  create('there');
  const { heard } = watch();
  await hears(heard, 'there');
  create('comes');
  await hears(heard, 'comes');
  server.store.delete({
    type: server.store.types.find(({ kind }) => kind === 'EdenConnection') as never,
    namespace: 'default',
    name: 'there',
  });
  await hears(heard, '-there');
});

test('a listener that throws ends neither the watch nor the process', async () => {
  const { heard } = watch({}, ({ metadata }) => {
    if (metadata.name === 'poison' && heard.filter((name) => name === 'poison').length < 2)
      throw new Error('of the listener');
  });
  create('poison');
  await hears(heard, 'poison');
  create('after');
  await hears(heard, 'after');
});

test('a stream that breaks off is begun again, with pauses while the server is away', async () => {
  const { heard, interruptions } = watch();
  create('before');
  await hears(heard, 'before');
  const { remove } = server.faults.add({ matches: () => true, fault: { kind: 'reset' } });
  server.cutWatches();
  await eventually(() => expect(interruptions.length).toBeGreaterThan(2), { timeoutMs: 10_000 });
  create('meanwhile');
  remove();
  await hears(heard, 'meanwhile');
});

test('a stream that is silent for too long is given up', async () => {
  const { heard, interruptions } = watch({ silenceMs: 200 });
  create('before');
  await hears(heard, 'before');
  create('streamed');
  await hears(heard, 'streamed');
  server.muteWatches();
  create('unheard');
  await hears(heard, 'unheard');
  expect(interruptions).toContain('a watch was silent for 200 ms');
});

test('a server that does not answer a list is given up as well', async () => {
  const { remove } = server.faults.add({ matches: ({ isWatch }) => !isWatch, fault: { kind: 'silence' } });
  const { heard, interruptions } = watch();
  await eventually(() => expect(interruptions.length).toBeGreaterThan(0), { timeoutMs: 10_000 });
  create('behind');
  remove();
  await hears(heard, 'behind');
});

test('where the server has forgotten what was, all is listed again', async () => {
  const { heard } = watch();
  create('before');
  await hears(heard, 'before');
  const { remove } = server.faults.add({ matches: () => true, fault: { kind: 'reset' } });
  server.cutWatches();
  create('forgotten');
  server.store.compact();
  remove();
  await hears(heard, 'forgotten');
  expect(heard.filter((name) => name === 'before').length).toBeGreaterThan(1);
});

test('the end of it is no interruption', async () => {
  const { heard, interruptions } = watch();
  create('before');
  await hears(heard, 'before');
  stopping.abort();
  await watching;
  expect(interruptions).toEqual([]);
});
