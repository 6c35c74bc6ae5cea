/** `npm run check`: everything that can be said about the code without running it. One line per step. */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { installAndGenerate } from './prepare.mjs';
import { runSteps } from './steps.mjs';

/** The longest first. */
const TOOLS = [
  tool('lint', 'eslint', '.', '--max-warnings=0'),
  tool('types', 'tsc', '-p', 'tsconfig.json'),
  tool('types of the dashboard', 'tsc', '-p', 'services/dashboard'),
  tool('format', 'prettier', '--check', '.'),
  tool('dependency rules', 'depcruise', 'packages', 'services', 'demo', '--config', '.dependency-cruiser.cjs'),
  tool('unused code', 'knip'),
];

function tool(name, bin, ...args) {
  return { name, command: join('node_modules', '.bin', bin), args };
}

/** Every scripts/check-<name>.mjs is a step: it prints what is wrong and ends with 1, or ends with 0. */
function ownChecks() {
  const files = readdirSync(import.meta.dirname).filter((name) => /^check-.+\.mjs$/.test(name));
  return files.map((file) => ({
    name: file.slice('check-'.length, -'.mjs'.length).replaceAll('-', ' '),
    command: process.execPath,
    args: [join(import.meta.dirname, file)],
  }));
}

const steps = [...TOOLS, ...ownChecks()];
const passed = (await installAndGenerate()) && (await runSteps(steps, Math.min(4, availableParallelism())));
process.exitCode = passed ? 0 : 1;
