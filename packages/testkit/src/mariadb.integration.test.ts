import { describe, expect, it } from '@jest/globals';
import {
  createMariaDbDatabase,
  hasMariaDb,
  preparedInMariaDb,
  startMariaDb,
  withMariaDb,
  type MariaDbServer,
} from './mariadb.js';

const describeMariaDb = hasMariaDb() ? describe : describe.skip;

describeMariaDb('a MariaDB of a test file', () => {
  it('is there twice at once, and keeps what is prepared when it dies', async () => {
    const [server, other] = await Promise.all([startMariaDb(), startMariaDb()]);
    const database = await createMariaDbDatabase(server);
    expect(other.port).not.toBe(server.port);
    expect(await temporaryFolderOf(other)).not.toBe(await temporaryFolderOf(server));
    await withMariaDb(
      server,
      async (query) => {
        await query('CREATE TABLE item (id int UNIQUE)');
        await query("XA START 'left'");
        await query('INSERT INTO item VALUES (1)');
        await query("XA END 'left'");
        await query("XA PREPARE 'left'");
      },
      database.name,
    );
    await server.crash();
    await server.restart();
    await withMariaDb(
      server,
      async (query) => {
        const [xid] = await preparedInMariaDb(query);
        expect(await query('SELECT id FROM item')).toEqual([]);
        await query(`XA COMMIT ${xid}`);
        expect(await query('SELECT id FROM item')).toEqual([{ id: 1 }]);
      },
      database.name,
    );
  });
});

/** A server that starts removes what another one keeps there. */
function temporaryFolderOf(server: MariaDbServer): Promise<string | undefined> {
  return withMariaDb(server, async (query) => {
    const [row] = await query<{ folder: string }>('SELECT @@tmpdir AS folder');
    return row?.folder;
  });
}
