import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ErrorContext } from '@eden/domain';
import { sweepOrphans } from '@eden/engine';
import type { TestDatabase } from '@eden/testkit';
import { createControlDatabase, withClient } from '@eden/testkit';
import { RunWorld } from './run-world.js';

let control: TestDatabase;
let world: RunWorld;

beforeAll(async () => {
  control = await createControlDatabase();
  world = await RunWorld.create({ DATABASE_URL: control.url });
  await world.query(0, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterAll(() => world.close());

// Protocol: I16
it('a restored control database reports what the original has left prepared, and leaves it alone', async () => {
  await world.migration('first', [{ database: 0, query: 'UPDATE counter SET n = n + 1' }]);
  await world.finish(await world.request('first'));
  await withClient(control.url, (client) =>
    client.query(`INSERT INTO installations (system_identifier, database_oid, id) VALUES ('1', 1, 'original')`),
  );
  const gid = 'eden_original_00000000-0000-4000-8000-000000000000_1_0';
  await world.query(0, `BEGIN; INSERT INTO counter VALUES (100); PREPARE TRANSACTION '${gid}'`);
  const warnings: [string, ErrorContext?][] = [];
  const { telemetry } = world.deps;
  const log = { ...telemetry.log, warn: (...line: [string, ErrorContext?]) => void warnings.push(line) };
  await sweepOrphans({ ...world.deps, telemetry: Object.create(telemetry, { log: { value: log } }) });
  expect(await world.prepared()).toBe(1);
  expect(warnings).toEqual([
    [
      'prepared transaction of an earlier installation',
      expect.objectContaining({ prepared_id: gid, endpoint: 'db-0' }),
    ],
  ]);
  await world.query(0, `ROLLBACK PREPARED '${gid}'`);
});
