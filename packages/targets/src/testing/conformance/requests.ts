import { expect } from '@jest/globals';
import type { Chapter } from './case.js';
import { failure } from './world.js';

const needs = ['requests'] as const;
const FAILED = { code: 'TEMPLATE_EXECUTION_FAILED', retryable: false };

/** An execution of a kind without transactions: each statement is done once it is answered. */
export const REQUESTS: Chapter = {
  name: 'an execution without a transaction',
  needs,
  cases: [
    {
      name: 'has done what it was answered, whether it commits or is abandoned',
      needs,
      run: async (world) => {
        const kept = await world.entered();
        await kept.run(world.language.insert(1));
        expect(await world.database.ids()).toEqual([1]);
        await kept.commit();
        const left = await world.entered();
        await left.run(world.language.insert(2));
        await left.abandon();
        await left.abandon();
        expect(await world.database.ids()).toEqual([1, 2]);
      },
    },
    {
      name: 'that only reads cannot write, and reads at once as it reads in turn',
      needs,
      run: async (world) => {
        const session = await world.entered({ readOnly: true });
        expect(await failure(session.run(world.language.insert(1)))).toMatchObject(FAILED);
        const expected = await session.run(world.language.readAll);
        const atOnce = await world.execution({ readOnly: true });
        expect(await atOnce.readOnce(world.language.readAll)).toEqual(expected);
        expect(await world.database.ids()).toEqual([]);
      },
    },
    {
      name: 'is told what failed, and may go on',
      needs,
      run: async (world) => {
        const session = await world.entered();
        expect(await failure(session.run(world.language.failing))).toMatchObject({
          ...FAILED,
          context: { endpoint_id: world.endpoint.id, message: expect.stringMatching(/./) },
        });
        await session.run(world.language.insert(1));
        await session.commit();
        expect(await world.database.ids()).toEqual([1]);
      },
    },
    {
      name: 'ends a slow statement by its own limit, and by the statement’s',
      needs,
      run: async (world) => {
        const own = await world.entered({ statementTimeoutMs: 50 });
        const away = { code: 'ENDPOINT_UNAVAILABLE', retryable: true };
        expect(await failure(own.run(world.language.slow))).toMatchObject(away);
        const session = await world.entered();
        expect(await failure(session.run(world.language.slow, { timeoutMs: 50 }))).toMatchObject(away);
      },
    },
  ],
};
