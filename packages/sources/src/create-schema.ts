import type { HistoryPlace, Statement } from '@eden/domain';
import { quote, statement } from './place.js';

/** For tools that make the schema of their history, too. Another source of the run may have made it since it was looked at. */
export function createSchema({ schema, schemaExists }: HistoryPlace): Statement[] {
  return schemaExists ? [] : [statement(`CREATE SCHEMA IF NOT EXISTS ${quote(schema)}`)];
}
