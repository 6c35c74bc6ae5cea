import { describe, expect, it } from '@jest/globals';
import { callAt, json } from '../testing/call-at.js';

describe('a gateway that takes a question and never answers', () => {
  it('holds eden wait no longer than its --timeout', async () => {
    const { code, asked } = await callAt(['wait', 'migration/shop', '--timeout', '1s'], {});
    expect({ code, asked }).toEqual({ code: 124, asked: ['GET /api/v1/migrations/shop'] });
  });

  it.each([
    [['wait', 'migration/shop']],
    [['status', 'shop']],
    [['migrations', 'list']],
    [['migrations', 'migrate', 'shop', '--wait']],
  ])('lets Ctrl-C end eden %j', async (argv) => {
    const { code, err } = await callAt(argv, { interrupt: () => undefined });
    expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining('Stopped') });
  });
});

describe('eden migrations cancel --wait', () => {
  it.each([
    ['cancelled', 0],
    ['failed', 10],
    ['succeeded', 10],
    ['in_doubt', 20],
  ])('of a run that ends %s has the exit code %d', async (state, expected) => {
    const run = { uuid: 'r', kind: 'migrate', state, migration_id: 'shop', apis: [], triggers: [] };
    const { code } = await callAt(['migrations', 'cancel', 'shop', '--wait'], {
      'POST /api/v1/migrations/shop/cancel': json({ status: 'success', data: { ...run, state: 'aborting' } }, 202),
      'GET /api/v1/runs/r/events': (_, response) => response.writeHead(204).end(),
      'GET /api/v1/runs/r': json({ status: 'success', data: run }),
    });
    expect(code).toBe(expected);
  });
});
