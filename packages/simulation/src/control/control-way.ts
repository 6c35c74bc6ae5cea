import type { Process } from '../schedule/process.js';
import type { ControlDatabase } from './control-database.js';
import type { Statement } from './steps.js';
import type { Transaction } from './transaction.js';

/** How one process reaches one control database. */
export interface ControlWay {
  readonly database: ControlDatabase;
  readonly process: Process;
  /** Where it reaches it, as the installation knows places. */
  readonly place: string;
  readonly broken: ReadonlySet<string>;
}

export type Ask = <T>(name: string, statement: (at: Statement) => T) => Promise<T>;

export function statementOf({ database, broken }: ControlWay, tx: Transaction): Statement {
  return { tx, now: database.now, timeline: String(database.timeline), broken };
}

export function asking(way: ControlWay, port: string): Ask {
  return (name, statement) => way.database.ask(way.process, `${port}.${name}`, (tx) => statement(statementOf(way, tx)));
}
