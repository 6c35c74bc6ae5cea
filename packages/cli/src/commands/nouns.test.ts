import { describe, expect, it } from '@jest/globals';
import { EXIT } from '../exit-codes.js';
import { NOUNS } from '../nouns.js';
import { callAt, json, type CapturedCall, type Handler } from '../testing/call-at.js';

const PATHS: Readonly<Record<string, string>> = {
  user: 'iam/users',
  robot: 'iam/robots',
  hook: 'iam/hooks',
  webhook: 'iam/webhooks',
};

/** Deletes one of a noun at a gateway that has it. */
function deleteOne({ plural, singular }: Named, options: object = {}): Promise<CapturedCall> {
  const question = `DELETE /api/v1/${PATHS[singular] ?? plural}/a`;
  return callAt([plural, 'delete', 'a'], { [question]: json({ status: 'success', message: 'success' }) }, options);
}

type Named = Pick<(typeof NOUNS)[number], 'plural' | 'singular'>;
const deletable = NOUNS.filter((noun) => noun.delete !== undefined).map((noun) => [noun.plural, noun] as const);
const api: Named = { plural: 'apis', singular: 'api' };

describe('eden runs list', () => {
  const page = (uuid: string, next: string | null) => ({
    status: 'success',
    data: [{ uuid, migration_id: 'shop', kind: 'sync', state: 'succeeded' }],
    next_cursor: next,
  });

  it('without a migration has the runs of all of them, page after page', async () => {
    const pages: Handler = (request, response) =>
      json(request.url?.includes('cursor=c') === true ? page('b', null) : page('a', 'c'))(request, response);
    const { code, out } = await callAt(['runs', 'list', '-o', 'name'], { 'GET /api/v1/runs': pages });
    expect({ code, out }).toEqual({ code: EXIT.done, out: 'run/a\nrun/b\n' });
  });

  it('of a migration has its own', async () => {
    const answers = { 'GET /api/v1/migrations/shop/runs': json(page('a', null)) };
    const { code, out } = await callAt(['runs', 'list', 'shop', '-o', 'name'], answers);
    expect({ code, out }).toEqual({ code: EXIT.done, out: 'run/a\n' });
  });
});

describe('eden … delete', () => {
  it.each(deletable)('%s: without a terminal is meant', async (_, noun) => {
    const { code, asked, err } = await deleteOne(noun);
    expect({ code, asked: asked.length, err }).toEqual({
      code: EXIT.done,
      asked: 1,
      err: `${noun.singular}/a deleted\n`,
    });
  });

  it.each([
    ['y\n', EXIT.done, 1],
    ['n\n', EXIT.refused, 0],
  ])('on a terminal asks, and %j has the exit code %d', async (input, end, questions) => {
    const { code, asked, err } = await deleteOne(api, { input, isTTY: true, isTyped: true });
    expect({ code, asked: asked.length }).toEqual({ code: end, asked: questions });
    expect(err).toContain('Delete api a? [y/N]');
  });

  it('asks nobody who would not see the question, and does nothing', async () => {
    const { code, asked, err } = await deleteOne(api, { input: 'y\n', isTyped: true });
    expect({ code, asked }).toEqual({ code: EXIT.usage, asked: [] });
    expect(err).toContain('Say --yes when it is meant.');
  });
});
