import type { OutsideAnalysis } from '@eden/domain';
import type { Node, RangeVar } from 'libpg-query';
import { escapeIdentifier } from 'pg';
import { runsOutsideTransactions } from '../classify.js';
import { builtIndex } from './pieces.js';

const UNNAMED =
  'an index that is built concurrently needs a name: without one nobody can tell whether it is there after a crash';
const TRANSACTIONS = 'what runs outside the transaction holds no BEGIN and COMMIT: each statement commits by itself';
const DATA = 'COPY … FROM STDIN does not run outside the transaction';

/** What becomes of a text outside the transaction, from the parse trees of its statements. */
export class OutsideLook {
  readonly createdTables: string[] = [];
  private readonly refusals = new Set<string>();
  private readonly indexed: string[] = [];
  private readonly drops: string[] = [];
  private hasOthers = false;
  private hasOthersAlone = false;

  /** @param node Null for a statement that the parser does not know. */
  look(node: Node | null): void {
    if (node === null) return void (this.hasOthers = true);
    if ('VariableSetStmt' in node) return;
    if ('TransactionStmt' in node) this.refusals.add(TRANSACTIONS);
    this.noteCreated(node);
    if ('IndexStmt' in node && node.IndexStmt.concurrent === true) return this.lookAtIndex(node);
    this.hasOthers = true;
    this.hasOthersAlone ||= runsOutsideTransactions(node);
  }

  lookAtData(): void {
    this.refusals.add(DATA);
  }

  result(): OutsideAnalysis {
    const isIndexed = this.indexed.length > 0;
    return {
      undo: isIndexed && !this.hasOthers && this.refusals.size === 0 ? this.drops.toReversed().join('; ') : null,
      refusals: [...this.refusals],
      indexedTables: isIndexed && !this.hasOthersAlone ? this.indexed : null,
    };
  }

  private lookAtIndex(node: Extract<Node, { IndexStmt: unknown }>): void {
    const { relation } = node.IndexStmt;
    this.indexed.push(nameOf(relation));
    const index = builtIndex(node);
    if (index === null) return void this.refusals.add(UNNAMED);
    const schema = relation?.schemaname === undefined ? '' : `${escapeIdentifier(relation.schemaname)}.`;
    this.drops.push(`DROP INDEX CONCURRENTLY IF EXISTS ${schema}${escapeIdentifier(index.name)}`);
  }

  private noteCreated(node: Node): void {
    if ('CreateStmt' in node) this.createdTables.push(nameOf(node.CreateStmt.relation));
    if ('CreateTableAsStmt' in node) this.createdTables.push(nameOf(node.CreateTableAsStmt.into?.rel));
  }
}

/** With its schema where one is written. */
function nameOf(relation: RangeVar | undefined): string {
  const { schemaname, relname = '' } = relation ?? {};
  return schemaname === undefined ? relname : `${schemaname}.${relname}`;
}
