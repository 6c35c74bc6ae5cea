import { expect } from '@jest/globals';
import type { TestDatabase } from '@eden/testkit';
import { eventually } from '@eden/testkit';
import { rowsOf } from './customer-world.js';

/** Each turn of the loop sees what has been committed meanwhile (READ COMMITTED), and takes no lock that others want. */
const PAUSE = `
  CREATE TABLE paused (name text PRIMARY KEY);
  CREATE FUNCTION pause(wanted text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    WHILE EXISTS (SELECT FROM paused WHERE name = wanted) LOOP PERFORM pg_sleep(0.02); END LOOP;
  END $$`;

/**
 * Keeps statements of a target at work until the test lets them go on: those that say `SELECT pause('<name>')` while a
 * pause of that name lasts.
 */
export class Pauses {
  private constructor(private readonly target: TestDatabase) {}

  static async install(target: TestDatabase): Promise<Pauses> {
    await rowsOf(target, PAUSE);
    return new Pauses(target);
  }

  async begin(name: string): Promise<void> {
    await rowsOf(this.target, `INSERT INTO paused VALUES ('${name}')`);
  }

  /** A statement is in a pause: it sleeps, as one that is only looked at does not. */
  async isReached(): Promise<void> {
    const sql = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND query LIKE '%SELECT pause(%' AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()`;
    await eventually(async () => expect(await rowsOf(this.target, sql)).toHaveLength(1));
  }

  async end(name: string): Promise<void> {
    await rowsOf(this.target, `DELETE FROM paused WHERE name = '${name}'`);
  }
}
