import { describe, expect, it } from '@jest/globals';
import { text } from 'node:stream/consumers';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../exit-codes.js';
import { callAt, json, type Handler } from '../testing/call-at.js';
import { newFolder } from '../testing/captured.js';

const ROUTE = '/api/v1/migrations/shop/sources/users';
const KNOWN = {
  ...{ id: 'users', endpoint: 'e', endpoint_id: 'users', tool: 'flyway', stage: 3, files: [] },
  options: { table: 'history', placeholders: { schema: 'public', tier: 'gold' } },
};

/** What a call sends as the settings of the source; null when it sends nothing. */
async function sent(verb: string, ...more: string[]) {
  const cwd = newFolder();
  mkdirSync(join(cwd, 'db'));
  writeFileSync(join(cwd, 'db', 'V1__a.sql'), 'SELECT 1;\n');
  writeFileSync(join(cwd, 'source.yaml'), 'endpoint: users\noptions: { schema: audit }\n');
  let settings: unknown = null;
  const put: Handler = (request, response) => {
    void text(request).then((form) => {
      settings = JSON.parse(/name="source"[^{]*(\{.*\})/.exec(form)?.[1] ?? 'null');
      json({ status: 'success', data: { source: 'users', tool: 'flyway', files: [{}] } })(request, response);
    });
  };
  const answers = { [`GET ${ROUTE}`]: json({ status: 'success', data: KNOWN }), [`PUT ${ROUTE}`]: put };
  const { code, err } = await callAt(['sources', verb, 'shop', 'users', '--path', 'db', ...more], answers, { cwd });
  return { code, err, settings };
}

const users = { endpoint: 'users', tool: 'auto', stage: 0, options: {} };
const known = { endpoint: 'users', tool: 'flyway', stage: 3, options: KNOWN.options };

describe('eden sources create', () => {
  it.each([
    [['--endpoint', 'users'], users],
    [
      ['--endpoint', 'users', '--set', 'options.placeholders.schema=public'],
      { ...users, options: { placeholders: { schema: 'public' } } },
    ],
    [['-f', 'source.yaml', '--tool', 'flyway'], { ...users, tool: 'flyway', options: { schema: 'audit' } }],
    [
      ['-f', 'source.yaml', '--set', 'options.table=h', '--stage', '2'],
      { ...users, stage: 2, options: { schema: 'audit', table: 'h' } },
    ],
  ])('with %j sends what is said', async (flags, settings) => {
    expect(await sent('create', ...flags)).toMatchObject({ code: 0, settings });
  });

  it.each([
    [[], 'endpoint: '],
    [['--endpoint', 'users', '--stage', 'x'], 'stage: '],
    [['--endpoint', 'users', '--tool', 'x'], 'tool: '],
    [['--endpoint', 'users', '--set', 'options.tabel=x'], '"tabel" is not known'],
    [['--endpoint', 'users', '--set', 'options.to=20250101'], `'options.to="20250101"'`],
  ])('with %j says what is wrong, and sends nothing', async (flags, complaint) => {
    const { code, err, settings } = await sent('create', ...flags);
    expect({ code, settings }).toEqual({ code: EXIT.usage, settings: null });
    expect(err).toContain(complaint);
  });
});

describe('eden sources update', () => {
  it.each([
    [[], known],
    [['--stage', '0'], { ...known, stage: 0 }],
    [['--endpoint', 'other', '--tool', 'auto'], { ...known, endpoint: 'other', tool: 'auto' }],
    [
      ['--set', 'options.placeholders.tier=silver'],
      { ...known, options: { table: 'history', placeholders: { schema: 'public', tier: 'silver' } } },
    ],
    [['--set', 'options={}'], { ...known, options: {} }],
  ])('with %j keeps what is not given', async (flags, settings) => {
    expect(await sent('update', ...flags)).toMatchObject({ code: 0, settings });
  });
});
