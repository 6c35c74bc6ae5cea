import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withClient } from '@eden/testkit';
import type { Page, PageRequest } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { newControl } from '../testing/control.js';
import { addMigration, createTenant, type Tenant } from '../testing/tenants.js';

let url: string;
let control: ControlDatabase;
let tenant: Tenant;

beforeAll(async () => {
  ({ url, control } = await newControl());
  tenant = await createTenant(control);
});

async function readAll<T>(list: (request: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[][]> {
  const pages: T[][] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list({ limit, cursor });
    pages.push([...page.items]);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}

describe('lists', () => {
  it('come newest first, each row on one page, whatever the size of the pages', async () => {
    for (let index = 0; index < 12; index += 1) await addMigration(tenant, `m${index}`);
    // Equal times: the uuids decide.
    await withClient(url, (client) =>
      client.query(
        `UPDATE migrations SET created_at = date_trunc('minute', created_at) WHERE id IN ('m3', 'm4', 'm5', 'm6')`,
      ),
    );
    const everything = (await tenant.store.migrations({ limit: 200, cursor: null })).items;
    expect(everything).toHaveLength(12);
    const keys = everything.map(({ createdAt, uuid }) => `${createdAt.toISOString()} ${uuid}`);
    expect(keys).toEqual([...keys].sort().reverse());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 13 }), async (limit) => {
        const pages = await readAll((request) => tenant.store.migrations(request), limit);
        expect(pages.flat().map(({ id }) => id)).toEqual(everything.map(({ id }) => id));
        expect(pages).toHaveLength(Math.ceil(12 / limit));
      }),
      { numRuns: 13 },
    );
  });

  it('go on where they were, although the last row seen is gone and new ones have come', async () => {
    const { items, nextCursor } = await tenant.store.migrations({ limit: 2, cursor: null });
    const [, last] = items;
    if (last === undefined) throw new Error('no second row');
    await tenant.store.transact((tx) => tx.deleteMigration(last.uuid));
    await addMigration(tenant, 'newer');
    const next = await tenant.store.migrations({ limit: 200, cursor: nextCursor });
    expect(next.items).toHaveLength(10);
    expect(next.items.map(({ id }) => id)).not.toContain('newer');
  });

  it.each(['', 'x', 'bm9uc2Vuc2U', Buffer.from('1.nonsense').toString('base64url')])(
    'refuse the cursor "%s", which is none of theirs',
    async (cursor) => {
      await expect(tenant.store.endpoints({ limit: 1, cursor })).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        context: { issues: [{ path: 'cursor' }] },
      });
    },
  );
});
