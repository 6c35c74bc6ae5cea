import { EdenError, type LintFinding, type Statement, type StatementAnalysis, type TextLint } from '@eden/domain';
import { mysqlLinter } from '@eden/lint';
import { OUR_PREFIX } from './names.js';
import { outsideRefusals } from './outside/schema-change.js';
import { cutStatements, Unreadable, type CutStatement } from './statements.js';

/*
 * What a statement is, told by its first words: MariaDB's grammar decides which of them commit by themselves, and in an XA
 * transaction its server refuses those (1399), should one of them get that far.
 */

/** They run in a transaction and are undone with it. */
const TRANSACTIONAL = new Set(
  `SELECT INSERT UPDATE DELETE REPLACE WITH VALUES TABLE DO CALL EXPLAIN DESCRIBE DESC SHOW SET LOAD (`.split(' '),
);

const LEFT_TO_US = 'BEGIN, COMMIT, ROLLBACK, SAVEPOINT and XA are left to the service';

/** By the first word. */
const REFUSED: Readonly<Record<string, string>> = {
  BEGIN: LEFT_TO_US,
  END: LEFT_TO_US,
  COMMIT: LEFT_TO_US,
  ROLLBACK: LEFT_TO_US,
  SAVEPOINT: LEFT_TO_US,
  RELEASE: LEFT_TO_US,
  XA: LEFT_TO_US,
  START: LEFT_TO_US,
  PREPARE: 'prepared statements outlive the transaction',
  EXECUTE: 'prepared statements outlive the transaction, and EXECUTE IMMEDIATE hides what it runs',
  DEALLOCATE: 'prepared statements outlive the transaction',
  USE: 'USE changes the database of the session: write database.table',
  LOCK: 'LOCK TABLES commits the transaction',
  UNLOCK: 'UNLOCK TABLES commits the transaction',
  HANDLER: 'HANDLER outlives the transaction',
  KILL: 'KILL ends the work of others',
  SHUTDOWN: 'SHUTDOWN ends the server',
  DELIMITER: 'DELIMITER is a command of the client: write statements that end in ;',
};

/** Locks of the session, by which participants are known and databases told apart. */
const OUR_FUNCTIONS = new Set(['GET_LOCK', 'RELEASE_LOCK', 'RELEASE_ALL_LOCKS']);

/** Why the statements must not run; empty = they may. */
export function refusalsOf(statements: readonly CutStatement[]): readonly string[] {
  return [...new Set(statements.flatMap(refusals))];
}

function refusals({ parts }: CutStatement): readonly string[] {
  const [first, ...others] = parts.map(({ text }) => text);
  const own = REFUSED[first ?? ''];
  const all = [
    own ?? null,
    first === 'SET' ? refuseSetting(parts.slice(1)) : null,
    first === 'LOAD' && others.includes('LOCAL') ? 'LOAD DATA LOCAL reads files of the service' : null,
    parts.some(isOurs) ? `names that begin with ${OUR_PREFIX} belong to the service` : null,
    parts.some(({ kind, text }) => kind === 'word' && OUR_FUNCTIONS.has(text))
      ? 'GET_LOCK and RELEASE_LOCK are left to the service'
      : null,
  ];
  return all.filter((reason) => reason !== null);
}

/** Variables of the user are forgotten with the session; all else would change how the next statements are read. */
function refuseSetting(parts: readonly CutStatement['parts'][number][]): string | null {
  const isUsers = ({ kind, text }: CutStatement['parts'][number]) =>
    kind === 'quotedVariable' || (text.startsWith('@') && !text.startsWith('@@'));
  let depth = 0;
  let begins = true;
  for (const part of parts) {
    if (begins && !isUsers(part)) return 'SET changes the session: only variables of the user (@name) are set';
    if (part.text === '(') depth += 1;
    if (part.text === ')') depth -= 1;
    begins = depth === 0 && part.text === ',';
  }
  return null;
}

function isOurs({ kind, text }: CutStatement['parts'][number]): boolean {
  return (kind === 'word' || kind === 'quotedIdentifier') && text.toLowerCase().startsWith(OUR_PREFIX);
}

/** True for what commits by itself, and what is not known. */
export function commitsByItself({ parts }: CutStatement): boolean {
  const [first = '', second = ''] = parts.map(({ text }) => text);
  if (REFUSED[first] !== undefined || TRANSACTIONAL.has(first)) return false;
  return first !== 'ANALYZE' || !/^(SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|FORMAT)$/.test(second);
}

/** Class, findings and refusals of a rendered text. @throws EdenError VALIDATION_FAILED */
export function analyze(statement: Statement): StatementAnalysis {
  const statements = readOrRefuse(statement);
  return {
    class: statements.some(commitsByItself) ? 'irreversible' : '2pc',
    findings: findingsOf(statements),
    lint: lintOf(statement.text, statements),
    refusals: refusalsOf(statements),
    outside: { undo: null, refusals: outsideRefusals(statements.filter(commitsByItself)), indexedTables: null },
    createdTables: [],
  };
}

function readOrRefuse(statement: Statement): readonly CutStatement[] {
  try {
    const statements = cutStatements(statement);
    const unread = statements.find(({ parts }) => !isKnown(parts[0]?.text ?? ''));
    if (unread === undefined) return statements;
    throw new Unreadable(`no statement of MariaDB begins with "${unread.parts[0]?.text.slice(0, 40)}"`);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new EdenError('VALIDATION_FAILED', { issues: [{ path: 'query', message: error.message }] });
  }
}

/** First words of statements that commit by themselves. */
const COMMITTING = new Set(
  `ALTER ANALYZE BACKUP BINLOG CACHE CHANGE CHECK CHECKSUM CREATE DROP FLUSH GRANT HELP INSTALL OPTIMIZE PURGE RENAME REPAIR
   RESET REVOKE SIGNAL STOP TRUNCATE UNINSTALL`.split(/\s+/),
);

function isKnown(first: string): boolean {
  return TRANSACTIONAL.has(first) || COMMITTING.has(first) || REFUSED[first] !== undefined;
}

function findingsOf(statements: readonly CutStatement[]): readonly LintFinding[] {
  const words = statements.flatMap(({ parts }) => parts.filter(({ kind }) => kind === 'word').map(({ text }) => text));
  return WAYS.flatMap(({ rule, names, consequence }) => {
    const found = names.filter((name) => words.includes(name));
    return found.length === 0 ? [] : [finding(rule, `${found.join(', ')}: ${consequence}`)];
  });
}

/** What no transaction undoes. SETVAL of MariaDB never sets a sequence back. */
const WAYS = [
  {
    rule: 'not-undone',
    names: ['OUTFILE', 'DUMPFILE'],
    consequence: 'takes effect at once and for good, and no transaction undoes it',
  },
  {
    rule: 'sequence-advances',
    names: ['NEXTVAL', 'SETVAL'],
    consequence:
      'the sequence advances for good, and is not set back, also when the migration fails or is only rehearsed',
  },
] as const;

function lintOf(text: string, statements: readonly CutStatement[]): TextLint {
  const linter = mysqlLinter(text);
  for (const { parts, place } of statements) linter.look(parts, place.start);
  return linter.result();
}

function finding(rule: string, message: string): LintFinding {
  return { rule, severity: 'warning', message };
}
