import type { TemplateValue } from '../expression/scope.js';
import { toList } from '../expression/functions.js';
import { RenderProblem } from '../problems.js';
import { storable, writeJson, writeNumber } from '../text/write-text.js';
import type { SqlDialect } from './dialect.js';

/**
 * A value as SQL: a string becomes a literal, numbers and booleans themselves, null NULL, an object a literal holding
 * its JSON, an array the comma list of its values. An empty array becomes NULL, so that `IN ({{xs}})` holds for no row
 * (and, as in SQL, `NOT IN` neither).
 * @throws RenderProblem for text that the database cannot hold
 */
export function writeValue(value: TemplateValue, dialect: SqlDialect): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return dialect.quoteString(storable(value));
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'bigint') return value.toString();
  return Array.isArray(value) ? writeList(value, dialect) : dialect.quoteString(writeJson(value));
}

/** The quoted name; `schema.table` is two. */
export function writeIdentifier(value: TemplateValue, dialect: SqlDialect): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new RenderProblem('an identifier is a text');
  return storable(String(value))
    .split('.')
    .map((part) => dialect.quoteIdentifier(part))
    .join('.');
}

/** The comma list of the names in an array or in text such as `a, b`. */
export function writeIdentifiers(value: TemplateValue, dialect: SqlDialect): string {
  const names = toList(value);
  if (names.length === 0) throw new RenderProblem('a list of identifiers cannot be empty');
  return names.map((name) => writeIdentifier(name, dialect)).join(', ');
}

function writeList(values: readonly TemplateValue[], dialect: SqlDialect): string {
  if (values.some((value) => Array.isArray(value))) throw new RenderProblem('a list of values cannot hold an array');
  return values.length === 0 ? 'NULL' : values.map((value) => writeValue(value, dialect)).join(', ');
}
