import type { StatementRule } from '../../rule.js';
import type { MysqlStatement } from '../statement.js';
import { addRequiredColumn } from './add-required-column.js';
import { changeColumnType } from './change-column-type.js';
import { constraintScansTable } from './constraint-scans-table.js';
import { deleteWithoutWhere } from './delete-without-where.js';
import { dropColumn } from './drop-column.js';
import { dropConstraint } from './drop-constraint.js';
import { dropDatabase } from './drop-database.js';
import { dropIndex } from './drop-index.js';
import { dropTable } from './drop-table.js';
import { foreignKeyScansTables } from './foreign-key-scans-tables.js';
import { indexBlocksWrites } from './index-blocks-writes.js';
import { lockClause } from './lock-clause.js';
import { optimizeTable } from './optimize-table.js';
import { renameColumn } from './rename-column.js';
import { renameIndex } from './rename-index.js';
import { renameTable } from './rename-table.js';
import { rewriteTable } from './rewrite-table.js';
import { setNotNullScans } from './set-not-null-scans.js';
import { truncate } from './truncate.js';
import { updateWithoutWhere } from './update-without-where.js';
import { usedByApi } from './used-by-api.js';
import { volatileDefault } from './volatile-default.js';

/** In the order of the reference. */
export const MYSQL_RULES: readonly StatementRule<MysqlStatement>[] = [
  addRequiredColumn,
  changeColumnType,
  constraintScansTable,
  deleteWithoutWhere,
  dropColumn,
  dropConstraint,
  dropDatabase,
  dropIndex,
  dropTable,
  foreignKeyScansTables,
  indexBlocksWrites,
  lockClause,
  optimizeTable,
  renameColumn,
  renameIndex,
  renameTable,
  rewriteTable,
  setNotNullScans,
  truncate,
  updateWithoutWhere,
  usedByApi,
  volatileDefault,
];
