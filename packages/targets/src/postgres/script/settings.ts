import type { FuncCall, Node, VariableSetStmt } from 'libpg-query';
import { EDEN_SCHEMA } from '../names.js';
import { findInTree } from '../syntax.js';

/*
 * Of a text as it is: what it sets counts to its end, so it may set what it likes, but for what would change how the
 * rest of it is read, or what the transaction is.
 */

const TRANSACTION_SETTINGS = ['transaction', 'transaction snapshot', 'transaction_isolation', 'transaction_read_only'];
const OFF = ['off', 'of', 'false', 'fals', 'fal', 'fa', 'f', 'no', 'n', '0', ''];
const UTF8 = ['utf8', 'unicode'];

/** Why a statement must not set what it sets. */
export function settingRefusal(node: Node): string | null {
  if ('VariableSetStmt' in node) return refuseSet(node.VariableSetStmt);
  return findInTree(node, (object) => refuseCall(object['FuncCall'] as FuncCall | undefined));
}

function refuseSet({ name = '', args = [] }: VariableSetStmt): string | null {
  return refuseSetting(name, args.map(constantOf));
}

/** A setting or value that is only known when the statement runs is the text's own matter. */
function refuseCall(call: FuncCall | undefined): string | null {
  const called = call?.funcname?.at(-1);
  if (called === undefined || !('String' in called) || called.String.sval !== 'set_config') return null;
  const [name, value] = (call?.args ?? []).map(constantOf);
  return typeof name === 'string' ? refuseSetting(name, [value ?? null]) : null;
}

function refuseSetting(written: string, values: readonly (string | null)[]): string | null {
  const name = written.toLowerCase();
  if (TRANSACTION_SETTINGS.includes(name)) return 'SET TRANSACTION is left to the service';
  const refuse = Object.hasOwn(REFUSED_VALUES, name) ? REFUSED_VALUES[name] : undefined;
  return refuse?.(values.filter((value) => value !== null)) ?? null;
}

/** By the name of the setting; the values are those that are known. */
const REFUSED_VALUES: Readonly<Record<string, (values: readonly string[]) => string | null>> = {
  standard_conforming_strings: (values) =>
    values.some((value) => OFF.includes(value.trim().toLowerCase()))
      ? "standard_conforming_strings = off is not supported: write E'…' where a backslash is meant as one"
      : null,
  client_encoding: (values) =>
    values.every(isUtf8) ? null : 'client_encoding is UTF8: the text has been read already',
  search_path: (values) =>
    values.some((value) => value.toLowerCase().includes(EDEN_SCHEMA))
      ? `the schema ${EDEN_SCHEMA} belongs to the service`
      : null,
};

function isUtf8(value: string): boolean {
  return UTF8.includes(value.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

/** As SET reads it; null where it is no constant. */
function constantOf(node: Node | undefined): string | null {
  if (node === undefined) return null;
  if ('TypeCast' in node) return constantOf(node.TypeCast.arg);
  if (!('A_Const' in node)) return null;
  const { sval, ival, boolval } = node.A_Const;
  if (sval !== undefined) return sval.sval ?? '';
  if (ival !== undefined) return String(ival.ival ?? 0);
  return boolval === undefined ? null : String(boolval.boolval ?? false);
}
