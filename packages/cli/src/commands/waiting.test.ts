import { describe, expect, it } from '@jest/globals';
import { callAt, json } from '../testing/call-at.js';

const DOUBT = { error: 'Migration run is in doubt', code: 'RUN_IN_DOUBT' };
const LEFT = { number: 1, api_id: 'shop.orders', template: '2_index.sql', state: 'left' };

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

describe('eden migrations pause --wait', () => {
  const run = { uuid: 'r', kind: 'migrate', migration_id: 'shop', apis: [], state: 'paused' };

  it.each([
    ['the paused run', json({ status: 'success', data: run }), 0],
    ['a no', json({ error: 'Migration run cannot be paused now', code: 'RUN_NOT_PAUSABLE' }, 409), 10],
  ])('is over with the answer: %s', async (_, answer, expected) => {
    const question = 'POST /api/v1/migrations/shop/pause';
    const { code, asked } = await callAt(['migrations', 'pause', 'shop', '--wait'], { [question]: answer });
    expect({ code, asked }).toEqual({ code: expected, asked: [question] });
  });
});

describe('eden migrations resolve --wait', () => {
  it.each([
    ['commit', 'committing', { state: 'succeeded' }, 0],
    ['commit', 'succeeded', { state: 'succeeded' }, 0],
    ['abort', 'failed', { state: 'failed', error: DOUBT }, 0],
    ['abort', 'compensating', { state: 'failed', error: DOUBT }, 0],
    ['abort', 'compensating', { state: 'failed', error: DOUBT, steps: [LEFT] }, 20],
    ['retry', 'committing', { state: 'succeeded' }, 0],
    ['retry', 'committing', { state: 'in_doubt', error: DOUBT }, 20],
    ['retry', 'compensating', { state: 'failed' }, 10],
  ])('--decision %s of a run that is %s and then %j has the exit code %d', async (decision, state, end, expected) => {
    const run = { uuid: 'r', kind: 'migrate', migration_id: 'shop', apis: [] };
    const { code } = await callAt(
      ['migrations', 'resolve', 'shop', '--decision', decision, '--reason', 'seen to', '--wait'],
      {
        'POST /api/v1/migrations/shop/resolve': json({
          status: 'success',
          data: { ...run, ...(state === end.state ? end : { state }) },
        }),
        'GET /api/v1/runs/r/events': (_, response) => response.writeHead(204).end(),
        'GET /api/v1/runs/r': json({ status: 'success', data: { ...run, ...end } }),
      },
    );
    expect(code).toBe(expected);
  });
});

const RESOLVE = ['--decision', 'retry', '--reason', 'r'];

describe('a gateway that never answers a verb', () => {
  it.each([
    [['pause', 'shop'], 'POST /api/v1/migrations/shop/pause'],
    [['resolve', 'shop', ...RESOLVE], 'POST /api/v1/migrations/shop/resolve'],
    [['approve', 'shop', '--yes'], 'GET /api/v1/migrations/shop/plan'],
  ])('holds eden migrations %j no longer than its --timeout', async (verb, question) => {
    const { code, asked } = await callAt(['migrations', ...verb, '--wait', '--timeout', '2s'], {});
    expect({ code, first: asked[0] }).toEqual({ code: 124, first: question });
  });
});

describe('a --timeout that is none', () => {
  it.each([
    ['sync'],
    ['migrate'],
    ['rollback'],
    ['cancel'],
    ['pause'],
    ['resume'],
    ['approve'],
    ['resolve', RESOLVE],
  ] as const)('keeps eden migrations %s from asking', async (verb, more: readonly string[] = []) => {
    const { code, asked, err } = await callAt(['migrations', verb, 'shop', ...more, '--wait', '--timeout', 'soon'], {
      [`POST /api/v1/migrations/shop/${verb}`]: json({ error: 'no', code: 'NO' }, 422),
    });
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(err).toContain('"soon" is not a duration');
  });
});
