import { expect } from '@jest/globals';
import type { Case, Chapter } from './case.js';
import { OPENINGS } from './openings.js';
import { failure } from './world.js';

/** A port of this machine that nobody listens on. */
const CLOSED_PORT = 1;

const unreachable = OPENINGS.map(({ name, needs, call }): Case => ({
  name: `${name} of an endpoint that nobody listens on is unavailable, without a secret`,
  needs,
  run: async (world) => {
    const { adapter, database, language } = world;
    const endpoint = world.endpointOf(database, '127.0.0.1', CLOSED_PORT);
    const { code, retryable, context } = await failure(call(adapter, endpoint, language));
    expect({ code, retryable }).toEqual({ code: 'ENDPOINT_UNAVAILABLE', retryable: true });
    expect(context).toEqual({ endpoint_id: endpoint.id, details: expect.stringMatching(/./) });
    expect(JSON.stringify(context)).not.toContain(database.secret);
  },
}));

export const INSPECTION: Chapter = {
  name: 'finding out',
  needs: ['server'],
  cases: [
    {
      name: 'a config has its defaults once and for all, and is described without its secret',
      needs: [],
      run: async ({ adapter, endpoint, database }) => {
        const config = adapter.parseConfig(endpoint.config);
        expect(adapter.parseConfig(config)).toEqual(config);
        expect(JSON.stringify(config)).toContain(database.secret);
        expect(JSON.stringify(adapter.describeConfig(config))).not.toContain(database.secret);
      },
    },
    {
      name: 'a config that says nothing is refused by its fields',
      needs: [],
      run: async ({ adapter }) => {
        const { code, context } = await failure(Promise.resolve().then(() => adapter.parseConfig({})));
        expect(code).toBe('VALIDATION_FAILED');
        expect(context).toEqual({
          issues: expect.arrayContaining([{ path: expect.stringMatching(/^config\./), message: expect.any(String) }]),
        });
      },
    },
    {
      name: 'an inspection says what the kind promises',
      needs: [],
      run: async ({ adapter, endpoint, kind }) => {
        const report = await adapter.inspect(endpoint);
        expect(report).toMatchObject({
          class: kind.class,
          serverVersion: expect.stringMatching(/\d/),
          role: expect.stringMatching(/./),
          identity: await adapter.identify(endpoint),
        });
        expect(report.latencyMs).toBeGreaterThan(0);
      },
    },
    {
      name: 'one database has one identity by two names, and another one has another',
      needs: ['transactions'],
      run: async (world) => {
        const { adapter, database } = world;
        const here = await adapter.identify(world.endpointOf(database));
        const some: unknown = expect.stringMatching(/./);
        expect(here).toEqual({ key: some, place: some, name: some });
        expect(await adapter.identify(world.endpointOf(database, 'localhost'))).toEqual(here);
        const other = await adapter.identify(world.endpointOf(await world.newDatabase()));
        expect(other.key).not.toBe(here.key);
      },
    },
    {
      name: 'the fingerprint of the schema is not touched by rows and installations',
      needs: ['transactions'],
      run: async (world) => {
        const { adapter, endpoint, language } = world;
        const before = (await adapter.inspect(endpoint)).schemaFingerprint;
        await world.commits({}, (session) => session.run(language.insert(1)));
        expect((await adapter.inspect(endpoint)).schemaFingerprint).toBe(before);
      },
    },
    {
      name: 'text that is no statement is refused, and one that leaves its transaction has a reason why it must not run',
      needs: ['transactions'],
      run: async ({ adapter, language }) => {
        expect(await failure(adapter.analyze(language.notParsed))).toMatchObject({ code: 'VALIDATION_FAILED' });
        const { refusals } = await adapter.analyze(language.endsTransaction);
        expect(refusals).toEqual([expect.stringMatching(/./)]);
        expect((await adapter.analyze(language.insert(1))).refusals).toEqual([]);
      },
    },
    {
      name: 'text that is no statement is refused, and what is one is a step outside of transactions',
      needs: ['requests'],
      run: async ({ adapter, language }) => {
        expect(await failure(adapter.analyze(language.notParsed))).toMatchObject({ code: 'VALIDATION_FAILED' });
        const analysis = await adapter.analyze(language.insert(1));
        expect(analysis).toMatchObject({ class: 'irreversible', refusals: [], outside: { undo: null, refusals: [] } });
        expect((await adapter.analyze(language.readAll)).outside.undo).toEqual(expect.stringMatching(/./));
      },
    },
    {
      name: 'an address has one identity, and another one has another',
      needs: ['requests'],
      run: async (world) => {
        const { adapter, database } = world;
        const here = await adapter.identify(world.endpointOf(database));
        expect(await adapter.identify(world.endpointOf(database))).toEqual(here);
        const other = await adapter.identify(world.endpointOf(await world.newDatabase()));
        expect(other.key).not.toBe(here.key);
      },
    },
    {
      name: 'an estimate is a number of rows or nothing, and changes none',
      needs: [],
      run: async ({ adapter, database, endpoint, language }) => {
        const rows = await adapter.estimateRows(endpoint, language.insert(1));
        expect(rows === null || (Number.isInteger(rows) && rows >= 0)).toBe(true);
        expect(await database.ids()).toEqual([]);
      },
    },
    ...unreachable,
  ],
};
