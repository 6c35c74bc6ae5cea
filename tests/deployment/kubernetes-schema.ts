import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Manifest } from './manifests.js';
import { REPOSITORY } from './repository.js';

/*
 * Checks manifests against the API's published types without a cluster: each becomes an object literal in a program
 * that exists in memory only, typed by `kubernetes-types` (generated from Kubernetes' OpenAPI document). A literal
 * with an unknown, missing or wrongly typed field does not compile.
 */

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  types: [],
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  skipLibCheck: true,
};

/** `networking.k8s.io/v1` is `networking/v1` there, and the group without a name is `core`. */
function moduleOf(apiVersion: string): string {
  const [version = '', group = 'core'] = apiVersion.split('/').toReversed();
  const path = `${group.replace(/(\.authorization)?\.k8s\.io$/, '')}/${version}`;
  if (!existsSync(join(REPOSITORY, 'node_modules/kubernetes-types', `${path}.d.ts`))) {
    throw new Error(`no API version ${apiVersion}`);
  }
  return `kubernetes-types/${path}`;
}

/** Whose types `npm run test:chart` installs, by the group of the API. */
const FOREIGN: Readonly<Record<string, string>> = {
  'gateway.networking.k8s.io': 'gateway-api',
  'monitoring.coreos.com': 'prometheus-operator',
  'keda.sh': 'keda',
};

const FOREIGN_TYPES = join(REPOSITORY, 'tests/deployment/tools/node_modules/@kubernetes-models');

/** Kinds that other projects define: whether their types are there. */
export function isForeign({ apiVersion }: Manifest): boolean {
  return Object.keys(FOREIGN).includes(apiVersion.split('/')[0] ?? '');
}

export const hasForeignTypes = existsSync(FOREIGN_TYPES);

function typeOf({ apiVersion, kind }: Manifest): string {
  const foreign = FOREIGN[apiVersion.split('/')[0] ?? ''];
  if (foreign === undefined) return `import('${moduleOf(apiVersion)}').${kind}`;
  return `import('${FOREIGN_TYPES}/${foreign}/${apiVersion}/${kind}').I${kind}`;
}

/** What a definition of a kind says by `x-kubernetes-…` has no types there; the fake API server of the tests reads it. */
function withoutExtensions(key: string, value: unknown): unknown {
  return key.startsWith('x-kubernetes-') ? undefined : value;
}

function asProgramText(manifest: Manifest): string {
  const type = typeOf(manifest);
  return `export const manifest: ${type} = ${JSON.stringify(manifest, withoutExtensions, 2)};\n`;
}

function inMemoryHost(sources: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  const { readFile, fileExists, getSourceFile } = host;
  return {
    ...host,
    readFile: (path) => sources.get(path) ?? readFile(path),
    fileExists: (path) => sources.has(path) || fileExists(path),
    getSourceFile: (path, ...rest) => {
      const text = sources.get(path);
      return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, OPTIONS.target ?? 0);
    },
  };
}

/** @returns one line for each mistake, empty when every manifest fits its type */
export function schemaErrors(manifests: readonly Manifest[]): string[] {
  const sources = new Map(
    manifests.map((manifest, index) => [join(REPOSITORY, `manifest-${index}.ts`), asProgramText(manifest)]),
  );
  const program = ts.createProgram([...sources.keys()], OPTIONS, inMemoryHost(sources));
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file?.text.slice(start).split('\n', 1)[0] ?? '';
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
