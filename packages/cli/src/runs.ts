import type { Connection, Run } from '@eden/client';
import { readMigration } from '@eden/reconcile';
import { CommandError } from './exit-codes.js';

/** @throws CommandError when the migration has none */
export async function latestRun(connection: Connection, migration: string): Promise<Run> {
  const { run } = await readMigration(connection, migration);
  if (run !== null) return run;
  throw new CommandError(`${migration} has no run yet`, `Start one: "eden migrations sync ${migration}".`);
}
