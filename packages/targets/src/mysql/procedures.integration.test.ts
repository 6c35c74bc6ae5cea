import { describe, expect, it } from '@jest/globals';
import { createMariaDbDatabase, hasMariaDb, startMariaDb, withMariaDb } from '@eden/testkit';
import { endpointAt, rejection, sql } from '../testing/fixtures.js';
import { mysqlAdapter } from '../testing/mysql-target.js';

const describeMariaDb = hasMariaDb() ? describe : describe.skip;
const OPTIONS = { readOnly: false, gate: null, lockTimeoutMs: 10_000, statementTimeoutMs: 10_000, idleTimeoutMs: 0 };

describeMariaDb('a procedure that is called by an execution', () => {
  it('may not end the transaction: what comes behind it would be without the lock of the gate', async () => {
    const { server, name, url } = await createMariaDbDatabase(await startMariaDb());
    await withMariaDb(
      server,
      async (query) => {
        await query('CREATE TABLE item (id int)');
        await query('CREATE PROCEDURE plain() INSERT INTO item VALUES (1)');
        await query('CREATE PROCEDURE ending() BEGIN INSERT INTO item VALUES (2); COMMIT; START TRANSACTION; END');
      },
      name,
    );
    const session = await mysqlAdapter().openExecution(endpointAt('', { kind: 'MySQL', config: { url } }), OPTIONS);
    await session.enter();
    await session.run(sql('CALL plain()'));
    expect(await rejection(session.run(sql('CALL ending(); INSERT INTO item VALUES (3)')))).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { sqlstate: '2D000' },
    });
    expect(await rejection(session.commit())).toMatchObject({ context: { sqlstate: '25000' } });
    await session.abandon();
    const items = await withMariaDb(server, (query) => query<{ id: number }>('SELECT id FROM item ORDER BY id'), name);
    expect(items.map(({ id }) => id)).toEqual([1, 2]);
  });
});
