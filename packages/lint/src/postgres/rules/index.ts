import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { addRequiredColumn } from './add-required-column.js';
import { cascade } from './cascade.js';
import { changeColumnType } from './change-column-type.js';
import { clusterOrVacuumFull } from './cluster-or-vacuum-full.js';
import { constraintScansTable } from './constraint-scans-table.js';
import { deleteWithoutWhere } from './delete-without-where.js';
import { detachPartitionBlocks } from './detach-partition-blocks.js';
import { domainConstraint } from './domain-constraint.js';
import { dropColumn } from './drop-column.js';
import { dropConstraint } from './drop-constraint.js';
import { dropDatabase } from './drop-database.js';
import { dropIndex } from './drop-index.js';
import { dropNotNull } from './drop-not-null.js';
import { dropSchema } from './drop-schema.js';
import { dropTable } from './drop-table.js';
import { foreignKeyScansTables } from './foreign-key-scans-tables.js';
import { foreignKeyWithoutIndex } from './foreign-key-without-index.js';
import { indexBlocksWrites } from './index-blocks-writes.js';
import { refreshBlocksReads } from './refresh-blocks-reads.js';
import { reindexBlocks } from './reindex-blocks.js';
import { renameColumn } from './rename-column.js';
import { renameConstraint } from './rename-constraint.js';
import { renameIndex } from './rename-index.js';
import { renameTable } from './rename-table.js';
import { rewriteTable } from './rewrite-table.js';
import { setNotNullScans } from './set-not-null-scans.js';
import { truncate } from './truncate.js';
import { uniqueConstraintBlocks } from './unique-constraint-blocks.js';
import { updateWithoutWhere } from './update-without-where.js';
import { usedByApi } from './used-by-api.js';
import { validateWithItsConstraint } from './validate-with-its-constraint.js';
import { volatileDefault } from './volatile-default.js';

/** In the order of the reference. */
export const POSTGRES_RULES: readonly StatementRule<Node>[] = [
  addRequiredColumn,
  cascade,
  changeColumnType,
  clusterOrVacuumFull,
  constraintScansTable,
  deleteWithoutWhere,
  detachPartitionBlocks,
  domainConstraint,
  dropColumn,
  dropConstraint,
  dropDatabase,
  dropIndex,
  dropNotNull,
  dropSchema,
  dropTable,
  foreignKeyScansTables,
  foreignKeyWithoutIndex,
  indexBlocksWrites,
  refreshBlocksReads,
  reindexBlocks,
  renameColumn,
  renameConstraint,
  renameIndex,
  renameTable,
  rewriteTable,
  setNotNullScans,
  truncate,
  uniqueConstraintBlocks,
  updateWithoutWhere,
  usedByApi,
  validateWithItsConstraint,
  volatileDefault,
];
