/** The rules of docs/reference/lint.md are made from those of packages/lint. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ROOT } from './ensure-installed.mjs';
import { holdSections, report } from './generated-sections.mjs';

/** Run with the sources of the packages in place of their builds, which need not be there. */
const FLAGS = ['--conditions=source', '--import', './packages/locking/src/testing/register-hooks.js'];

function rule({ name, severity, title, reason, safer, examples }) {
  const shown =
    examples === undefined
      ? []
      : ['Found:', '', ...examples.dangerous.map(code), '', 'Not found:', '', ...examples.safe.map(code), ''];
  const text = [`#### ${name}`, '', `**${severity}** · ${title}.`, '', reason, '', `Safer: ${safer}.`, '', ...shown];
  return text.join('\n');
}

function code(text) {
  return `- \`${text.replaceAll('\n', ' ')}\``;
}

async function check() {
  const { STATEMENT_RULES, BINDING_RULES } = await import('../packages/lint/src/index.ts');
  const languages = STATEMENT_RULES.flatMap(({ language, rules }) => [`### ${language}`, '', ...rules.map(rule)]);
  const text = [...languages, '### Bindings and comments', '', ...BINDING_RULES.map(rule)].join('\n');
  report(await holdSections('docs/reference/lint.md', (name) => (name === 'rules' ? text : null)));
}

if (process.execArgv.includes(FLAGS[0])) await check();
else {
  const script = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, [...FLAGS, ...script], { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}
