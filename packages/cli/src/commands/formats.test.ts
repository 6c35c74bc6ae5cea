import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { EXIT } from '../exit-codes.js';
import { buildProgram } from '../program.js';
import { Shell } from '../shell.js';
import { callAt, json, type Handler } from '../testing/call-at.js';
import { capture, newFolder, surroundingsFor } from '../testing/captured.js';

/** Every command that can be called, with something for all that it insists on. */
function callsOf(command: Command, path: readonly string[] = []): string[][] {
  const shown = command.commands.filter((each) => !each.name().startsWith('__'));
  if (shown.length > 0) return shown.flatMap((each) => callsOf(each, [...path, each.name()]));
  const args = command.registeredArguments.filter(({ required }) => required).map(() => 'api/x=y');
  const options = command.options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [long as string, '1h']);
  return [[...path, ...args, ...options]];
}

const calls = callsOf(buildProgram(new Shell(surroundingsFor({}).surroundings)));

describe('a form of output that is not known', () => {
  it.each(calls.map((argv) => [argv.join(' '), argv] as const))('ends %s before it does anything', async (_, argv) => {
    const { code, out, err, asked } = await callAt([...argv, '-o', 'xml'], { interrupt: () => undefined });
    expect({ code, out, asked }).toEqual({ code: EXIT.usage, out: '', asked: [] });
    expect(err).toContain('There is no output "xml" here\nTake one of ');
  });
});

const RUN_UUID = '4d0f6a52-6b2e-4d39-9a52-111111111111';
const run = { uuid: RUN_UUID, kind: 'migrate', state: 'running', migration_id: 'shop', started_at: null, apis: [] };
const paused = { ...run, state: 'paused' };
const plan = { hash: '3f2a9c', atomicity: 'atomic', current: true, apis: [], databases: [], later_parts: [] };
const gate = { migration: 'shop', state: 'Completed', run: null };
const drift = [
  { endpoint: 'users', object: 'table a', change: 'added', before: null, after: 'x' },
  { endpoint: 'users', object: 'table b', change: 'added', before: null, after: 'x' },
];
const approval = { plan_hash: '3f2a9c', approved_by: 'ann', approved_at: '2026-11-27T12:00:00Z' };
const verification = {
  ...{ intact: true, links: 1, waiting: 0, findings: [], further_findings: 0 },
  head: { position: 1041, hash: '9f86' },
};
const migration = { id: 'shop', state: 'Completed', atomicity: 'atomic', run: null, updated_at: null };
const source = { source: 'users', uuid: 's', tool: 'dbmate', api: 'shop-users', files: [] };

const data = (answer: object): Handler => json({ status: 'success', data: answer });
const SHOP = '/api/v1/migrations/shop';

const CASES: readonly (readonly [argv: string, answers: Record<string, Handler>, data: object, name: string])[] = [
  ['gate shop', { [`GET ${SHOP}/gate`]: json(gate) }, gate, 'migration/shop'],
  ['wait migration/shop', { [`GET ${SHOP}`]: data(migration) }, migration, 'migration/shop'],
  ['plan shop', { [`GET ${SHOP}/plan`]: data(plan) }, plan, 'plan/3f2a9c'],
  ['drift shop', { [`GET ${SHOP}/drift`]: data(drift) }, drift, 'endpoint/users'],
  [
    'approve shop --yes',
    { [`GET ${SHOP}/plan`]: data(plan), [`POST ${SHOP}/approve`]: data(approval) },
    approval,
    'migration/shop',
  ],
  ...['sync', 'migrate', 'rollback'].map(
    (verb) =>
      [
        `migrations ${verb} shop`,
        { [`POST ${SHOP}/${verb}`]: json({ status: 'success', data: { run: RUN_UUID } }, 202) },
        { run: RUN_UUID },
        `run/${RUN_UUID}`,
      ] as const,
  ),
  ...['cancel', 'resume'].map(
    (verb) =>
      [
        `migrations ${verb} shop`,
        { [`POST ${SHOP}/${verb}`]: data(run) },
        { run: RUN_UUID },
        `run/${RUN_UUID}`,
      ] as const,
  ),
  ['migrations pause shop', { [`POST ${SHOP}/pause`]: data(paused) }, paused, `run/${RUN_UUID}`],
  ['audit verify', { 'GET /api/v1/audit/verify': data(verification) }, verification, 'head/1041:9f86'],
  ['sources delete shop users', { [`DELETE ${SHOP}/sources/users`]: data(source) }, source, 'source/users'],
];

describe.each(CASES)('eden %s', (line, answers, expected, name) => {
  const argv = line.split(' ');

  it.each([
    ['json', (text: string): unknown => JSON.parse(text)],
    ['yaml', (text: string): unknown => parse(text)],
  ])('answers in %s', async (format, read) => {
    const { code, out } = await callAt([...argv, '-o', format], answers);
    expect({ code, read: read(out) }).toEqual({ code: 0, read: expected });
  });

  it('answers with its name', async () => {
    expect(await callAt([...argv, '-o', 'name'], answers)).toMatchObject({ code: 0, out: `${name}\n` });
  });

  it('answers people as it does without a word', async () => {
    expect(await callAt([...argv, '-o', 'table'], answers)).toMatchObject({ code: 0 });
  });
});

describe('what comes one by one', () => {
  const events = [
    { sequence: 1, at: '2026-11-27T12:00:00Z', type: 'recovered', data: {} },
    { sequence: 2, at: '2026-11-27T12:00:01Z', type: 'deciding', data: {} },
  ];
  const logs = (format: string) =>
    callAt(['runs', 'logs', RUN_UUID, '-o', format], { [`GET /api/v1/runs/${RUN_UUID}/events`]: data(events) });

  it('is a line of JSON, a document of YAML or a name each', async () => {
    const lines = (await logs('json')).out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(events);
    const documents = parseAllDocuments((await logs('yaml')).out) as { toJS(): unknown }[];
    expect(documents.map((document) => document.toJS())).toEqual(events);
    expect((await logs('name')).out).toBe('event/1\nevent/2\n');
  });

  it('of a run is all of it, page by page', async () => {
    const asked: (string | null)[] = [];
    const pages: Handler = ({ url }, response) => {
      const cursor = new URL(url ?? '', 'http://eden').searchParams.get('cursor');
      asked.push(cursor);
      const [first, second] = events;
      const page = cursor === null ? { data: [first], next_cursor: '1' } : { data: [second], next_cursor: null };
      json({ status: 'success', ...page })({ url } as never, response);
    };
    const { out } = await callAt(['runs', 'logs', RUN_UUID, '-o', 'name'], {
      [`GET /api/v1/runs/${RUN_UUID}/events`]: pages,
    });
    expect(out).toBe('event/1\nevent/2\n');
    expect(asked).toEqual([null, '1']);
  });

  it('of the audit is as the service writes it without a word', async () => {
    const entry = {
      uuid: 'e',
      at: '2026',
      actor: 'ann',
      action: 'run.finished',
      subject: null,
      result: 'ok',
      origin: null,
    };
    const text = `${JSON.stringify(entry)}\n`;
    const answers = { 'GET /api/v1/audit': ((_, response) => response.end(text)) as Handler };
    expect((await callAt(['audit', 'export'], answers)).out).toBe(text);
    expect((await callAt(['audit', 'export', '-o', 'name'], answers)).out).toBe('entry/e\n');
    expect(parse((await callAt(['audit', 'export', '-o', 'yaml'], answers)).out)).toEqual(entry);
  });
});

describe('commands that ask no service', () => {
  function folder(): string {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'db'));
    writeFileSync(join(cwd, 'db', '20250101000000_a.sql'), '-- migrate:up\nSELECT 1;\n');
    const sources = 'sources: [{endpoint: users, tool: dbmate, path: db}]';
    writeFileSync(join(cwd, 'eden.yaml'), `version: 1\nmigration: shop\n${sources}\n`);
    return cwd;
  }

  it.each([
    [
      ['baseline', 'users', '--to', '20250101000000'],
      { source: 'users', baseline: '20250101000000' },
      /^source\/users\n$/,
    ],
    [['new', 'b', '--source', 'users'], { path: expect.stringContaining('_b.sql') }, /^file\/db\/\d+_b\.sql\n$/],
    [['completion', 'fish'], { shell: 'fish', script: expect.stringContaining('__complete') }, /^completion\/fish\n$/],
    [['init', '--yes', '--force'], [expect.objectContaining({ path: 'db', tool: 'dbmate' })], /^folder\/db\n$/],
  ])('eden %j answers in every form', async (argv, expected, name) => {
    expect(JSON.parse((await capture([...argv, '-o', 'json'], { cwd: folder() })).out)).toEqual(expected);
    expect(parse((await capture([...argv, '-o', 'yaml'], { cwd: folder() })).out)).toEqual(expected);
    expect((await capture([...argv, '-o', 'name'], { cwd: folder() })).out).toMatch(name);
  });
});
