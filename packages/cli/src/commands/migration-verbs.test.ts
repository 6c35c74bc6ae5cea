import { describe, expect, it } from '@jest/globals';
import { callAt, json } from '../testing/call-at.js';

const RUN = { uuid: 'r', kind: 'migrate', migration_id: 'shop', apis: [], started_at: null, finished_at: null };
const DOUBT = { error: 'Migration run is in doubt', code: 'RUN_IN_DOUBT' };
const LEFT = { number: 1, api_id: 'shop.orders', template: '2_index.sql', state: 'left' };

/** What a verb says of the run that it is answered with. */
async function sayOf(argv: readonly string[], run: object): Promise<string> {
  const verb = argv[0] ?? '';
  const answer = json({ status: 'success', data: { ...RUN, ...run } });
  const { code, err } = await callAt(['migrations', verb, 'shop', ...argv.slice(1)], {
    [`POST /api/v1/migrations/shop/${verb}`]: answer,
    'GET /api/v1/runs/r/events': (_, response) => response.writeHead(204).end(),
    'GET /api/v1/runs/r': answer,
  });
  return `${code} ${err}`;
}

describe('eden migrations', () => {
  it('pause says how to go on, and nothing of an end', async () => {
    expect(await sayOf(['pause'], { state: 'paused' })).toBe(
      '0 shop migrate paused\nLet it go on with "eden migrations resume shop".\n',
    );
  });

  it.each([
    ['commit', { state: 'succeeded' }, 'It counts as done in all databases, as you have decided.'],
    [
      'abort',
      { state: 'failed', error: DOUBT },
      'It counts as done in no database, as you have decided; what they have',
    ],
    ['retry', { state: 'committing' }, 'It goes on by itself: "eden runs logs -f r".'],
    ['abort', { state: 'compensating' }, 'It goes on by itself: "eden runs logs -f r".'],
  ])('resolve --decision %s says what follows from it: %j', async (decision, run, sentence) => {
    const said = await sayOf(['resolve', '--decision', decision, '--reason', 'seen to'], run);
    expect(said).toMatch(/^0 shop migrate /);
    expect(said).toContain(sentence);
    expect(said).not.toMatch(/nothing|again/i);
  });

  it.each([
    [{ state: 'failed', steps: [LEFT] }, '20', 'It has changed something: shop.orders, 2_index.sql stays'],
    [{ state: 'cancelled', steps: [LEFT] }, '20', 'It has changed something: shop.orders, 2_index.sql stays'],
    [{ state: 'failed', error: DOUBT }, '20', 'It counts as done in no database, because somebody has decided so.'],
    [{ state: 'failed' }, '10', 'It has changed nothing in any database.'],
    [{ state: 'cancelled' }, '0', 'Nothing of it has stayed'],
  ])('cancel --wait of a run that ends so says what has changed: %j', async (run, code, sentence) => {
    const said = await sayOf(['cancel', '--wait'], run);
    expect(said.split(' ')[0]).toBe(code);
    expect(said).toContain(sentence);
  });
});
