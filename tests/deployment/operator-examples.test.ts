import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubernetesApiServer } from '@eden/testkit';
import { parse, parseAllDocuments } from 'yaml';
import { kustomize, type Manifest } from './manifests.js';
import { readProjectFile, REPOSITORY } from './repository.js';

const DEFINITIONS = 'charts/eden-migrations/operator';
const FOLDER = 'examples/deploy/operator';

interface Migration extends Manifest {
  readonly spec: { readonly sources: readonly { readonly configMapRefs: readonly { readonly name: string }[] }[] };
}

let server: KubernetesApiServer;

beforeAll(async () => {
  server = await KubernetesApiServer.start();
  for (const file of readdirSync(join(REPOSITORY, DEFINITIONS)).filter((name) => name.startsWith('eden')))
    await post(
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      parse(readProjectFile(`${DEFINITIONS}/${file}`)) as object,
    );
});

afterAll(() => server.stop());

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(String(answer['message']));
  return answer;
}

function create({ kind, ...object }: Manifest): Promise<Record<string, unknown>> {
  return post(`/apis/eden.dev/v1alpha1/namespaces/default/${kind.toLowerCase()}s`, { kind, ...object });
}

function objectsOf(file: string): Manifest[] {
  return parseAllDocuments(readProjectFile(file)).map((document) => document.toJS() as Manifest);
}

describe('the examples of objects for the operator', () => {
  test('are what its schemas take, and nothing of them is dropped', async () => {
    const objects = objectsOf(`${FOLDER}/migration.yaml`);
    expect(objects.map(({ kind }) => kind)).toEqual(['EdenConnection', 'EdenMigration']);
    for (const { kind, metadata, ...rest } of objects) {
      const { spec } = (await create({ kind, metadata, ...rest } as Manifest)) as { spec: object };
      expect(spec).toMatchObject((rest as unknown as { spec: object }).spec);
    }
  });

  test('a caRef is refused without https', async () => {
    const [connection] = objectsOf(`${FOLDER}/migration.yaml`) as [Manifest & { spec: object }];
    const spec = { ...connection.spec, caRef: { name: 'authority' } };
    const insecure = { ...connection, metadata: { name: 'insecure' }, spec };
    await expect(create(insecure as Manifest)).rejects.toThrow('caRef is of a url that begins with https://');
    const secure = { ...insecure, spec: { ...spec, url: 'https://eden.example.com' } };
    expect(await create(secure as Manifest)).toMatchObject({ spec: { caRef: { kind: 'ConfigMap', key: 'ca.crt' } } });
  });

  test.each([
    ['argo-cd/application.yaml', ['Application/shop']],
    ['flux/operator.yaml', ['Kustomization/shop-migrate', 'Kustomization/shop']],
  ])('%s holds what its name says', (file, names) => {
    const objects = objectsOf(`examples/deploy/${file}`);
    expect(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(names);
  });

  const rendered = kustomize(FOLDER, 'not rendered');

  (rendered === undefined ? test.skip : test)('Kustomize puts the names that it generates where they are read', () => {
    const maps = (rendered ?? []).filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name);
    const migration = (rendered ?? []).find(({ kind }) => kind === 'EdenMigration') as Migration;
    const named = migration.spec.sources.flatMap(({ configMapRefs }) => configMapRefs.map(({ name }) => name));
    expect(named.toSorted()).toEqual(maps.toSorted());
    for (const name of named) expect(name).toMatch(/^(users|orders)-migrations-[a-z0-9]{10}$/);
  });
});
