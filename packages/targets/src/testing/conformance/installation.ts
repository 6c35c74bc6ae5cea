import { expect } from '@jest/globals';
import { gate, newUuid } from '../fixtures.js';
import type { Chapter } from './case.js';

const CALLERS = 12;

export const INSTALLATION: Chapter = {
  name: 'installing',
  cases: [
    {
      name: 'may be done by many at once, in an empty database',
      needs: ['transactions'],
      run: async (world) => {
        const database = await world.newDatabase();
        const endpoint = world.endpointOf(database);
        const adapters = [world.adapter, world.adapterWith({})];
        const migrations = Array.from({ length: CALLERS }, newUuid);
        const installs = migrations.flatMap((uuid) => adapters.map((adapter) => adapter.install(endpoint, uuid)));
        await Promise.all(installs);
        for (const migrationUuid of migrations) {
          const session = await world.participant({ migrationUuid }, { endpoint });
          await session.begin();
          await session.close();
        }
      },
    },
    {
      name: 'again leaves a raised fence as it is',
      needs: ['transactions'],
      run: async (world) => {
        const migrationUuid = newUuid();
        await world.adapter.install(world.endpoint, migrationUuid);
        await (await world.settlement()).raiseFence(newUuid(), migrationUuid, 7);
        await world.adapter.install(world.endpoint, migrationUuid);
        await world.expectFenced({ migrationUuid, epoch: 6 });
      },
    },
    {
      name: 'has not to come before a reader: where nothing is installed, every gate is open',
      needs: ['transactions', 'gates'],
      run: async (world) => {
        const database = await world.newDatabase();
        await database.freshTable();
        const endpoint = world.endpointOf(database);
        const known = { gate: gate(newUuid(), 1) };
        const inTurn = await world.entered(known, endpoint);
        expect((await inTurn.run(world.language.readAll)).rows).toEqual([]);
        await inTurn.commit();
        const atOnce = await world.execution({ ...known, readOnly: true }, endpoint);
        expect(await atOnce.readOnce(world.language.readAll)).toEqual({ rows: [], rowCount: 0 });
      },
    },
  ],
};
