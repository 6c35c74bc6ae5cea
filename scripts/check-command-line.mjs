/** The reference of the command line is made from its tree of commands, and the JSON Schema of eden.yaml from its zod schema. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { ROOT } from './ensure-installed.mjs';
import { holdSections, report } from './generated-sections.mjs';

/** Run with the sources of the packages in place of their builds, which need not be there. */
const FLAGS = ['--conditions=source', '--import', './packages/locking/src/testing/register-hooks.js'];
const SCHEMA = join(ROOT, 'docs', 'reference', 'eden.schema.json');

/** Every command that can be called, in the order of the help. */
function commandsIn(command, path) {
  const named = command.commands.filter((each) => !each.name().startsWith('__'));
  if (named.length === 0) return [{ path, command }];
  return named.flatMap((each) => commandsIn(each, `${path} ${each.name()}`));
}

function describe({ path, command }) {
  const args = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  const options = command.options.map(({ flags, description, defaultValue }) => {
    const standard = defaultValue === undefined ? '' : ` (default: ${defaultValue})`;
    return `| \`${code(flags)}\` | ${cell(description + standard)} |`;
  });
  const examples = examplesOf(command).map((line) => line.trim());
  return [
    `### ${path}`,
    '',
    `\`${[path, ...args].join(' ')}\`: ${command.description()}.`,
    ...(options.length === 0 ? [] : ['', '| option | |', '| --- | --- |', ...options]),
    '',
    '```sh',
    ...examples,
    '```',
    '',
  ].join('\n');
}

function cell(text) {
  return code(text).replaceAll('<', '&lt;');
}

/** A bar ends a cell within code as well. */
function code(text) {
  return text.replaceAll('|', '\\|');
}

/** The help has them at its end: the line to type, two blanks or more, and what it is for. */
function examplesOf(command) {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const lines = (help.split('Examples:\n')[1] ?? '').split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => line.replace(/^(\s*\S.*?)\s{2,}(\S.*)$/, '$1  # $2'));
}

async function holdSchema(schema) {
  const text = await format(JSON.stringify(schema), { ...(await resolveConfig(SCHEMA)), filepath: SCHEMA });
  if (process.argv.includes('--write')) writeFileSync(SCHEMA, text);
  else if (readFileSync(SCHEMA, 'utf8') !== text)
    return ['docs/reference/eden.schema.json has drifted: npm run docs:generate writes it anew'];
  return [];
}

async function check() {
  const { buildProgram } = await import('../packages/cli/src/program.ts');
  const { jsonSchemaOfFile } = await import('../packages/cli/src/file/json-schema.ts');
  const nowhere = { write: () => true, columns: 100 };
  const surroundings = { env: {}, stdout: nowhere, stderr: nowhere };
  const commands = commandsIn(buildProgram({ surroundings, action: () => () => undefined }), 'eden');
  const contentOf = (name) => (name === 'commands' ? commands.map(describe).join('\n') : null);
  report([...(await holdSections('docs/reference/cli.md', contentOf)), ...(await holdSchema(jsonSchemaOfFile()))]);
}

if (process.execArgv.includes(FLAGS[0])) await check();
else {
  const script = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, [...FLAGS, ...script], { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}
