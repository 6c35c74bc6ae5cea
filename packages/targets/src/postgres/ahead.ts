import type { AheadStatement, Statement, StatementLimits } from '@eden/domain';
import type { SingleStatement } from './split.js';
import { splitStatements } from './split.js';

/** What is sent of one statement, and how it begins. */
export interface AheadTurn {
  readonly statements: readonly SingleStatement[];
  readonly limits: StatementLimits;
  readonly begins: () => void;
}

/**
 * One that is refused is for `run`, which says so when its turn has come, and so is a text as somebody has written it: nothing
 * behind either is sent.
 */
export async function turnsOf(ahead: readonly AheadStatement[]): Promise<readonly AheadTurn[]> {
  const turns: AheadTurn[] = [];
  for (const one of ahead) {
    const statements = await partsOf(one.statement);
    if (statements.length === 0) break;
    turns.push({ statements, limits: one.limits, begins: () => one.begins() });
  }
  return turns;
}

async function partsOf(statement: Statement): Promise<readonly SingleStatement[]> {
  return statement.syntax === 'sql' ? [] : splitStatements(statement).catch(() => []);
}
