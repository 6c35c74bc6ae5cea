import { describe, expect, it } from '@jest/globals';
import { callAt, json } from '../testing/call-at.js';

describe('a gateway that takes a question and never answers', () => {
  it('holds eden wait no longer than its --timeout', async () => {
    const { code, asked } = await callAt(['wait', 'migration/shop', '--timeout', '1s'], {});
    expect({ code, asked }).toEqual({ code: 124, asked: ['GET /api/v1/migrations/shop'] });
  });

  it('holds eden gate little longer than its --timeout', async () => {
    const begun = performance.now();
    const { code, asked } = await callAt(['gate', 'shop', '--timeout', '0s'], {});
    expect({ code, asked }).toEqual({ code: 124, asked: ['GET /api/v1/migrations/shop/gate'] });
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  it.each([
    [['wait', 'migration/shop']],
    [['status', 'shop']],
    [['migrations', 'list']],
    [['migrations', 'migrate', 'shop', '--wait']],
    [['login', '--org', 'shop', '--username', 'ann', '--password-stdin']],
    [['login', '--device']],
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

describe('a --timeout that is none', () => {
  it.each(['sync', 'migrate', 'rollback', 'cancel', 'resume'])('keeps eden migrations %s from asking', async (verb) => {
    const { code, asked, err } = await callAt(['migrations', verb, 'shop', '--wait', '--timeout', 'soon'], {
      [`POST /api/v1/migrations/shop/${verb}`]: json({ error: 'no', code: 'NO' }, 422),
    });
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(err).toContain('"soon" is not a duration');
  });
});
