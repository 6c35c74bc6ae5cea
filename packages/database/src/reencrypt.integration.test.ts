import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createControlDatabase as createTestDatabase, withClient } from '@eden/testkit';
import { createControlDatabase, type ControlDatabase } from './control-database.js';
import { keyId } from './encryption.js';
import { reencrypt } from './reencrypt.js';
import { createTenant, type Tenant } from './testing/tenants.js';

const [OLD, NEW, OTHER] = [randomBytes(32), randomBytes(32), randomBytes(32)];
/** More than two batches. */
const ENDPOINTS = 120;

let url: string;
let control: ControlDatabase;
let tenant: Tenant;

const open: ControlDatabase[] = [];
function withKeys(...encryptionKeys: Buffer[]): ControlDatabase {
  const database = createControlDatabase({ url, encryptionKeys });
  open.push(database);
  return database;
}

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  control = withKeys(OLD);
  tenant = await createTenant(control);
  for (let n = 0; n < ENDPOINTS; n += 1) await tenant.store.transact((tx) => tx.insertEndpoint(endpoint(n)));
});

afterAll(() => Promise.all(open.map((database) => database.close())));

function endpoint(n: number) {
  return { id: `e${n}`, kind: 'Postgres' as const, description: null, config: { url: `postgresql://secret-${n}` } };
}

function configOf(database: ControlDatabase, id: string): Promise<unknown> {
  return database.store
    .organization(tenant.uuid)
    .endpoint(id)
    .then(({ config }) => config);
}

describe('re-encryption', () => {
  it('by several at once leaves everything under the new key alone, and changes nothing else', async () => {
    const { version } = await tenant.store.endpoint('e7');
    const at = await Promise.all([reencrypt({ url, keys: [NEW, OLD] }), reencrypt({ url, keys: [NEW, OLD] })]);
    expect(at.reduce((sum, { changed }) => sum + changed, 0)).toBe(ENDPOINTS);
    expect(at.map(({ changed, current }) => changed + current)).toEqual([ENDPOINTS, ENDPOINTS]);
    const [renewed, left] = [withKeys(NEW), withKeys(OLD)];
    for (const n of [0, 7, ENDPOINTS - 1]) {
      expect(await configOf(renewed, `e${n}`)).toEqual(endpoint(n).config);
      await expect(configOf(left, `e${n}`)).rejects.toMatchObject({ code: 'INTERNAL' });
    }
    expect((await renewed.store.organization(tenant.uuid).endpoint('e7')).version).toBe(version);
  });

  it('goes on where it was ended, and finds what a process with the old key has written since', async () => {
    await tenant.store.transact((tx) => tx.insertEndpoint({ ...endpoint(0), id: 'late' }));
    expect(await reencrypt({ url, keys: [NEW, OLD] })).toEqual({ changed: 1, current: ENDPOINTS, unreadable: [] });
    expect(await reencrypt({ url, keys: [NEW, OLD] })).toEqual({ changed: 0, current: ENDPOINTS + 1, unreadable: [] });
  });

  it('names what none of the keys opens, and leaves it as it is', async () => {
    const stray = withKeys(OTHER);
    const made = await stray.store
      .organization(tenant.uuid)
      .transact((tx) => tx.insertEndpoint({ ...endpoint(0), id: 'stray' }));
    const { unreadable } = await reencrypt({ url, keys: [NEW, OLD] });
    expect(unreadable).toEqual([`endpoints ${made.uuid}`]);
    expect(await configOf(stray, 'stray')).toEqual(endpoint(0).config);
  });

  it('knows every column that may hold a secret', async () => {
    const { rows } = await withClient(url, (client) =>
      client.query<{ name: string }>(
        `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
          WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1`,
      ),
    );
    const encrypted = rows.map(({ name }) => name).filter((name) => !/hash$|^source_file|^schema_snapshots/.test(name));
    expect(encrypted).toEqual(['endpoints.config', 'hooks.secrets', 'webhooks.target']);
  });

  it('tells keys apart that begin alike', async () => {
    let twin = randomBytes(32);
    while (keyId(twin) !== keyId(NEW)) twin = randomBytes(32);
    await withClient(url, (client) => client.query(`DELETE FROM endpoints WHERE id = 'stray'`));
    expect(await reencrypt({ url, keys: [twin, NEW] })).toMatchObject({ changed: ENDPOINTS + 1, unreadable: [] });
    expect(await configOf(withKeys(twin), 'e7')).toEqual(endpoint(7).config);
  });
});
