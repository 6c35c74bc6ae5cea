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

/** A delete: what is typed, its route, what is asked at a terminal, and what is said of it once it is done. */
type Delete = readonly [line: string, route: string, question: string, sentence: string];

const API: Delete = ['apis delete a', 'apis/a', 'Delete api a?', 'api/a deleted'];
const DELETES: readonly Delete[] = [
  ...NOUNS.filter((noun) => noun.delete !== undefined).map(
    ({ plural, singular }) =>
      [
        `${plural} delete a`,
        `${PATHS[singular] ?? plural}/a`,
        `Delete ${singular} a?`,
        `${singular}/a deleted`,
      ] as const,
  ),
  ['sources delete shop a', 'migrations/shop/sources/a', 'Delete source a of shop?', 'source/a deleted'],
  [
    'grants delete api/a ann',
    'iam/rbac/apis/a/subjects/ann',
    'Delete the grant of ann on api/a?',
    'api/a: ann has no grant any more',
  ],
];
const TERMINAL = { isTTY: true, isTyped: true };

/** Deletes one at a gateway that has it. */
function deleteOne([line, route]: Delete, options: object = {}, ...flags: string[]): Promise<CapturedCall> {
  const answers = { [`DELETE /api/v1/${route}`]: json({ status: 'success', message: 'success' }) };
  return callAt([...line.split(' '), ...flags], answers, options);
}

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
  it.each(DELETES)('%s: without a terminal is meant', async (...one) => {
    const { code, asked, err } = await deleteOne(one);
    expect({ code, asked: asked.length, err }).toEqual({ code: EXIT.done, asked: 1, err: `${one[3]}\n` });
  });

  it.each(DELETES)('%s: on a terminal is asked for, and done by a yes alone', async (...one) => {
    const { code, asked, err } = await deleteOne(one, { ...TERMINAL, input: '\n' });
    expect({ code, asked }).toEqual({ code: EXIT.refused, asked: [] });
    expect(err).toContain(`${one[2]} [y/N]`);
  });

  it.each(DELETES)('%s: with --yes asks nobody', async (...one) => {
    const { code, asked, err } = await deleteOne(one, TERMINAL, '--yes');
    expect({ code, asked: asked.length, err }).toEqual({ code: EXIT.done, asked: 1, err: `${one[3]}\n` });
  });

  it.each([
    ['y\n', EXIT.done, 1],
    ['n\n', EXIT.refused, 0],
  ])('on a terminal asks, and %j has the exit code %d', async (input, end, questions) => {
    const { code, asked, err } = await deleteOne(API, { ...TERMINAL, input });
    expect({ code, asked: asked.length }).toEqual({ code: end, asked: questions });
    expect(err).toContain('Delete api a? [y/N]');
  });

  it('asks nobody about a resource that is none', async () => {
    const { code, err } = await callAt(['grants', 'delete', 'orders', 'ann'], {}, { ...TERMINAL, input: 'y\n' });
    expect({ code, err }).toEqual({ code: EXIT.usage, err: expect.stringContaining('"orders" is no resource') });
    expect(err).not.toContain('[y/N]');
  });

  it('asks nobody who would not see the question, and does nothing', async () => {
    const { code, asked, err } = await deleteOne(API, { input: 'y\n', isTyped: true });
    expect({ code, asked }).toEqual({ code: EXIT.usage, asked: [] });
    expect(err).toContain('Say --yes when it is meant.');
  });
});
