/**
 * A migration of the control database that comes after those of the earlier version (tests/upgrade/earlier-version.json) runs
 * below processes of that version: it may add what they do not know, and takes nothing away that they read or write. What does
 * is refused, unless a comment `-- contract: …` in front of the statement says why they do without it.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { loadModule, parseSync } from 'libpg-query';
import { ROOT } from './ensure-installed.mjs';

const MIGRATIONS = join(ROOT, 'prisma', 'migrations');
const EXCUSE = /^--\s*contract: \S/m;

/** What a statement takes away from those who do not know of it; each in a word. */
function contractions(statement) {
  const [[kind, node]] = Object.entries(statement);
  if (kind === 'RenameStmt') return ['renames'];
  if (kind === 'DropStmt' && ['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_FUNCTION'].includes(node.removeType))
    return ['drops'];
  if (kind !== 'AlterTableStmt') return [];
  return node.cmds.flatMap(({ AlterTableCmd: command }) => contractionOf(command));
}

function contractionOf({ subtype, def, name }) {
  if (subtype === 'AT_DropColumn') return [`drops the column ${name}`];
  if (subtype === 'AT_AlterColumnType') return [`changes the type of ${name}`];
  if (subtype === 'AT_SetNotNull') return [`wants ${name} of those who do not write it`];
  if (subtype !== 'AT_AddColumn') return [];
  const constraints = (def.ColumnDef.constraints ?? []).map(({ Constraint }) => Constraint.contype);
  const isWanted = constraints.includes('CONSTR_NOTNULL') && !constraints.includes('CONSTR_DEFAULT');
  return isWanted ? [`wants ${def.ColumnDef.colname} of those who do not write it`] : [];
}

/** One line for each statement of a script that contracts without an excuse, which stands between it and the one before. */
function findingsOf(name, text) {
  const bytes = Buffer.from(text);
  let before = 0;
  return parseSync(text).stmts.flatMap(({ stmt, stmt_location: start = 0 }) => {
    const comment = bytes.subarray(before, start).toString();
    before = start;
    return EXCUSE.test(comment) ? [] : contractions(stmt).map((word) => `${name}: ${word}`);
  });
}

await loadModule();
const { lastMigration } = JSON.parse(readFileSync(join(ROOT, 'tests', 'upgrade', 'earlier-version.json'), 'utf8'));
const names = readdirSync(MIGRATIONS).filter((name) => /^\d{14}_/.test(name) && name > lastMigration);
const findings = names.flatMap((name) =>
  findingsOf(name, readFileSync(join(MIGRATIONS, name, 'migration.sql'), 'utf8')),
);
if (findings.length > 0) {
  console.error('Processes of the earlier version run over these (CONTRIBUTING.md, "The schema comes first"):');
  for (const finding of findings) console.error(`  ${finding}`);
  process.exitCode = 1;
}
