import type { HistoryPlace, Statement } from '@eden/domain';
import { quote, statement } from './place.js';

/** For tools that make the schema of their history, too. */
export function createSchema({ schema, schemaExists }: HistoryPlace): Statement[] {
  return schemaExists ? [] : [statement(`CREATE SCHEMA ${quote(schema)}`)];
}
