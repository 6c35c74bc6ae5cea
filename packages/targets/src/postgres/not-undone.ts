import type { LintFinding } from '@eden/domain';
import type { CopyStmt, Node } from 'libpg-query';
import { literalsIn } from './syntax.js';
import { calledNames, codeTokens } from './tokens.js';

/*
 * What takes effect outside the transaction that does it: no abort and no rollback of a migration takes it back. Functions
 * are known by their names, whatever schema they were put into; what functions of the target do inside is not looked at.
 */

const NOT_UNDONE = new Set(
  `setval nextval lo_export pg_terminate_backend pg_cancel_backend pg_reload_conf pg_rotate_logfile pg_switch_wal
   pg_create_restore_point pg_promote pg_wal_replay_pause pg_wal_replay_resume pg_logical_emit_message
   pg_create_physical_replication_slot pg_create_logical_replication_slot pg_copy_physical_replication_slot
   pg_copy_logical_replication_slot pg_drop_replication_slot pg_replication_slot_advance pg_file_write pg_file_rename
   pg_file_unlink pg_file_sync pg_stat_reset pg_stat_reset_shared pg_stat_reset_single_table_counters
   pg_stat_reset_single_function_counters`.split(/\s+/),
);

/** dblink, dblink_exec, dblink_send_query, …: another session's work, which commits by itself. */
const OTHER_SESSIONS = /^dblink(_|$)/;

/** These only write down what is done later, by others. */
const DEFINITIONS = [
  'ViewStmt',
  'RuleStmt',
  'CreatePolicyStmt',
  'AlterPolicyStmt',
  'CreateTrigStmt',
  'CreateFunctionStmt',
];

/** What a text does so, by its names, and where it does each of them first. */
export type Effects = ReadonlyMap<string, number>;

/** setval is none: it may also set back, to numbers that are taken. */
const ADVANCES = 'nextval';

const WAYS = [
  {
    rule: 'not-undone',
    isOne: (name: string) => name !== ADVANCES,
    words: 'takes effect at once and for good, and no transaction undoes it, also when the migration fails',
  },
  {
    rule: 'sequence-advances',
    isOne: (name: string) => name === ADVANCES,
    words: 'the sequence advances for good, and is not set back, also when the migration fails or is only rehearsed',
  },
] as const;

/** One finding for all that a text does in one way. @param lineOf Of texts whose findings have lines */
export function notUndone(effects: Effects, lineOf?: (offset: number) => number): readonly LintFinding[] {
  return WAYS.flatMap(({ rule, isOne, words }): LintFinding[] => {
    const found = [...effects].filter(([name]) => isOne(name));
    const [first] = found;
    if (first === undefined) return [];
    const message = `${found.map(([name]) => name).join(', ')}: ${words}`;
    return [{ rule, severity: 'warning', message, ...(lineOf === undefined ? {} : { line: lineOf(first[1]) }) }];
  });
}

/** What a statement does so, by its name. */
export function effectsOf(node: Node): readonly string[] {
  if (DEFINITIONS.some((kind) => kind in node)) return [];
  if ('DoStmt' in node) return literalsIn(node).flatMap((code) => calledNames(codeTokens(code)).filter(isNotUndone));
  if ('CopyStmt' in node) return copyEffects(node.CopyStmt);
  return callsIn(node).filter(isNotUndone);
}

function isNotUndone(name: string): boolean {
  return NOT_UNDONE.has(name) || OTHER_SESSIONS.test(name);
}

function copyEffects({ is_program: isProgram, is_from: isFrom, filename, query }: CopyStmt): readonly string[] {
  const inside = query === undefined ? [] : callsIn(query).filter(isNotUndone);
  if (isProgram === true) return ['COPY … PROGRAM', ...inside];
  return filename !== undefined && isFrom !== true ? ['COPY … TO a file', ...inside] : inside;
}

/** The names of the functions that are called; not those in a column's default, which is called by whoever inserts. */
function callsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || isDefault(value)) return [];
  const inside = Object.values(value).flatMap(callsIn);
  const name = calledName(value as Record<string, unknown>);
  return name === null ? inside : [name, ...inside];
}

function calledName(object: Readonly<Record<string, unknown>>): string | null {
  const { funcname } = (object['FuncCall'] ?? {}) as { funcname?: readonly { String?: { sval?: string } }[] };
  return funcname?.at(-1)?.String?.sval ?? null;
}

function isDefault(object: { readonly contype?: unknown; readonly subtype?: unknown }): boolean {
  return object.contype === 'CONSTR_DEFAULT' || object.subtype === 'AT_ColumnDefault';
}
