import { describe, expect, it } from '@jest/globals';
import { createMariaDbDatabase, hasMariaDb, startMariaDb } from '@eden/testkit';
import { endpointAt, rejection, sql } from '../testing/fixtures.js';
import { mysqlAdapter } from '../testing/mysql-target.js';

const describeMariaDb = hasMariaDb() ? describe : describe.skip;
const OPTIONS = { readOnly: false, gate: null, lockTimeoutMs: 10_000, statementTimeoutMs: 10_000, idleTimeoutMs: 0 };

describeMariaDb('an execution', () => {
  it('refuses what commits by itself, with what to do instead', async () => {
    const { url } = await createMariaDbDatabase(await startMariaDb());
    const session = await mysqlAdapter().openExecution(endpointAt('', { kind: 'MySQL', config: { url } }), OPTIONS);
    await session.enter();
    const error = await rejection(session.run(sql('CREATE TABLE item (id int)')));
    await session.abandon();
    expect(error).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { sqlstate: '0A000', suggestion: expect.stringContaining('migration') },
    });
  });
});
