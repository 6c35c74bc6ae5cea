import { describe, expect, it } from '@jest/globals';
import type { Assessment, FolderFile, HistoryPlace, JsonObject, SourceOptions, SourceTool } from '@eden/domain';
import { flywayChecksum } from './flyway/checksum.js';
import { textFile } from './testing/folders.js';
import { createSources } from './tools.js';

/** The columns that the tools know their histories by. */
const COLUMNS: Readonly<Partial<Record<SourceTool, HistoryPlace['columns']>>> = {
  goose: { version_id: 'bigint', is_applied: 'boolean', tstamp: 'timestamp without time zone' },
  flyway: {
    ...{ installed_rank: 'integer', version: 'character varying', script: 'character varying' },
    success: 'boolean',
  },
  liquibase: {
    ...{ id: 'character varying', author: 'character varying', filename: 'character varying' },
    orderexecuted: 'integer',
  },
  'node-pg-migrate': { id: 'integer', name: 'character varying', run_on: 'timestamp without time zone' },
};

function assess(
  name: SourceTool,
  files: readonly FolderFile[],
  rows: readonly JsonObject[],
  options: SourceOptions = {},
): Assessment {
  const tool = createSources().tool(name);
  const { migrations, problems } = tool.read(files, options);
  expect(problems).toEqual([]);
  const place = {
    ...{ database: 'd', user: 'u', schema: 'public', schemaExists: true, siblings: [], table: 'history' },
    columns: COLUMNS[name] ?? {},
  };
  return tool.history.assess({ migrations, place, rows, options });
}

const states = ({ statuses }: Assessment): string[] => statuses.map(({ file, state }) => `${file} ${state}`);
const pending = (assessment: Assessment): string[] => assessment.pending.map(({ file }) => file);

describe('goose', () => {
  const folder = ['1_a', '2_b', '3_c', '6_d'].map((name) => textFile(`${name}.sql`, '-- +goose Up\nSELECT 1;\n'));
  const row = (version: number, isApplied = true): JsonObject => ({
    version_id: String(version),
    is_applied: isApplied,
  });

  it('refuses what stands below the highest version of the history, also where the file of that has gone', () => {
    const assessment = assess('goose', folder, [row(0), row(1), row(2), row(5)]);
    expect(assessment.problems).toEqual([
      { path: '3_c.sql', message: expect.stringContaining('stands before a file') },
    ]);
    expect(pending(assessment)).toEqual(['6_d.sql']);
    const lax = assess('goose', folder, [row(0), row(1), row(2), row(5)], { strict: false });
    expect([lax.problems, pending(lax)]).toEqual([[], ['3_c.sql', '6_d.sql']]);
  });

  it('does not count a version that was taken back, and counts by number', () => {
    expect(assess('goose', folder, [row(1), row(2), row(5), row(5, false)]).problems).toEqual([]);
    const files = [...folder, textFile('10_e.sql', '-- +goose Up\nSELECT 1;\n')];
    expect(pending(assess('goose', files, [row(1), row(2), row(3), row(6), row(9)]))).toEqual(['10_e.sql']);
  });
});

describe('Flyway', () => {
  const text = 'SELECT 1;';
  const checksum = flywayChecksum(text);
  const row = (more: JsonObject = {}): JsonObject => ({
    ...{
      installed_rank: 1,
      version: '1',
      description: 'a b',
      type: 'SQL',
      script: 'V1__a_b.sql',
      checksum,
      success: true,
    },
    ...more,
  });
  const long = 'x'.repeat(250);

  it.each<[string, JsonObject]>([
    ['V1__a_b.sql', {}],
    ['V1_0__a_b.sql', {}],
    ['V1.sql', { description: '' }],
    ['V1.sql', { description: '<< no description >>' }],
    [`V1__${long}.sql`, { description: `${'x'.repeat(197)}...` }],
    ['B1__other.sql', { type: 'SQL_BASELINE' }],
    ['R__a_b.sql', { version: null }],
  ])('takes %s for the row that it is', (file, more) => {
    const assessment = assess('flyway', [textFile(file, text)], [row(more)]);
    expect([assessment.problems, states(assessment)]).toEqual([[], [`${file} applied`]]);
  });

  it.each<[string, JsonObject, RegExp]>([
    ['V1__c.sql', {}, /has it as "a b": give the file its old name back/],
    ['V1__A_b.sql', {}, /has it as "a b"/],
    ['V1.sql', {}, /has it as "a b"/],
    ['V1__a_b.sql', { description: '<< no description >>' }, /has it as "<< no description >>"/],
    ['V1__a_b.sql', { type: 'JDBC' }, /type JDBC, not as SQL/],
    ['V1__c.sql', { checksum: 1 }, /was changed/],
    ['B1__a_b.sql', { type: 'SQL_BASELINE', checksum: 1 }, /was changed/],
  ])('refuses %s where the history has another one of its version, %j', (file, more, message) => {
    const assessment = assess('flyway', [textFile(file, text)], [row(more)]);
    expect(assessment.problems).toEqual([{ path: file, message: expect.stringMatching(message) }]);
    expect(states(assessment)).toEqual([`${file} changed`]);
    const lax = assess('flyway', [textFile(file, text)], [row(more)], { strict: false });
    expect([lax.problems, lax.pending]).toEqual([[], []]);
  });

  it('takes the values of placeholders that it cannot know from the options', () => {
    const placeholders = { 'flyway:timestamp': 'now', 'flyway:workingDirectory': '/srv' };
    const file = textFile('V1__a.sql', "SELECT '${flyway:timestamp}', '${flyway:workingDirectory}';");
    expect(assess('flyway', [file], [], { placeholders }).pending[0]?.up).toBe("SELECT 'now', '/srv';");
  });

  it('tells a repeatable script that runs again from one that runs for the first time', () => {
    const files = [textFile('R__a_b.sql', 'SELECT 2;'), textFile('R__c.sql', text)];
    const assessment = assess('flyway', files, [row({ version: null })]);
    expect(assessment.pending.map(({ file, details }) => [file, details['isRerun']])).toEqual([
      ['R__a_b.sql', true],
      ['R__c.sql', undefined],
    ]);
  });

  describe('with shouldExecute=false', () => {
    const skipped = (file: string, body = text): FolderFile[] => [
      textFile(file, body),
      textFile(`${file}.conf`, 'shouldExecute=False\n'),
    ];

    it('leaves the script out, whatever its place and its placeholders', () => {
      const files = [
        ...[...skipped('V0__x.sql', 'SELECT ${unknown};'), ...skipped('B2__y.sql'), ...skipped('R__z.sql')],
        ...[textFile('V1__a_b.sql', text), textFile('V3__c.sql', text)],
      ];
      const assessment = assess('flyway', files, [row()]);
      expect(assessment.problems).toEqual([]);
      expect(states(assessment)).toEqual(['V1__a_b.sql applied', 'V3__c.sql pending']);
      expect(pending(assess('flyway', files, []))).toEqual(['V1__a_b.sql', 'V3__c.sql']);
    });

    it('goes on comparing what had been applied before, and runs no repeatable one again', () => {
      expect(states(assess('flyway', skipped('V1__a_b.sql'), [row()]))).toEqual(['V1__a_b.sql applied']);
      expect(states(assess('flyway', skipped('V1__a_b.sql', 'SELECT 2;'), [row()]))).toEqual(['V1__a_b.sql changed']);
      const repeated = assess('flyway', skipped('R__a_b.sql', 'SELECT 2;'), [row({ version: null })]);
      expect([repeated.problems, states(repeated)]).toEqual([[], ['R__a_b.sql applied']]);
    });

    it('is refused as an expression', () => {
      const files = [
        textFile('V1__a.sql', text),
        textFile('V1__a.sql.conf', 'shouldExecute=${flyway:environment}==prod'),
      ];
      const { problems } = createSources().tool('flyway').read(files, {});
      expect(problems).toEqual([{ path: 'V1__a.sql.conf', message: expect.stringContaining('expression') }]);
    });
  });
});

describe('node-pg-migrate', () => {
  const folder = ['1_a', '2_b', '3_c', '4_d'].map((name) => textFile(`${name}.sql`, 'SELECT 1;'));
  const rows = (...names: string[]): JsonObject[] => names.map((name) => ({ name }));

  it('refuses a history in another order than the files, at the first place', () => {
    const disordered = rows('1_a', '3_c', '2_b');
    const assessment = assess('node-pg-migrate', folder, disordered);
    expect(assessment.problems).toEqual([
      { path: '2_b.sql', message: expect.stringContaining('the history has 3_c in its place') },
    ]);
    const lax = assess('node-pg-migrate', folder, disordered, { strict: false });
    expect([lax.problems, pending(lax)]).toEqual([[], ['4_d.sql']]);
  });

  it('refuses a history that has a file twice', () => {
    expect(assess('node-pg-migrate', folder.slice(0, 2), rows('1_a', '1_a', '2_b')).problems).toMatchObject([
      { path: '2_b.sql', message: expect.stringContaining('the history has 1_a in its place') },
    ]);
  });

  it('names a late file and a missing one once, and nothing of a history that is a beginning of the folder', () => {
    expect(assess('node-pg-migrate', folder, rows('1_a', '3_c')).problems.map(({ path }) => path)).toEqual(['2_b.sql']);
    expect(assess('node-pg-migrate', folder, rows('1_a', '1_x', '2_b')).problems.map(({ path }) => path)).toEqual([
      '1_x',
    ]);
    for (const names of [[], ['1_a'], ['1_a', '2_b', '3_c', '4_d']]) {
      expect(assess('node-pg-migrate', folder, rows(...names)).problems).toEqual([]);
    }
  });
});

describe('Liquibase', () => {
  const file = (path: string, id: string, more = ''): FolderFile =>
    textFile(path, `--liquibase formatted sql\n--changeset ann:${id}${more}\nSELECT 1;\n`);
  const row = (filename: string, id: string): JsonObject => ({ id, author: 'ann', filename, md5sum: null });

  it.each<[string, readonly FolderFile[], readonly JsonObject[], readonly string[]]>([
    [
      'an id that a later file uses again',
      [file('001.sql', '1'), file('002.sql', '1')],
      [row('db/changelog/001.sql', '1')],
      ['002.sql'],
    ],
    [
      'a changeset with a path of its own',
      [file('001.sql', '1'), file('002.sql', '2', ' logicalFilePath:shared.sql')],
      [row('db/changelog/001.sql', '1'), row('shared.sql', '2')],
      [],
    ],
    [
      'an id that a folder below has as well',
      [file('001.sql', '1'), file('002.sql', '1'), file('db/001.sql', '1')],
      [row('db/001.sql', '1'), row('db/002.sql', '1')],
      ['db/001.sql'],
    ],
  ])('knows files by other paths in the history: %s', (_, files, rows, left) => {
    expect(pending(assess('liquibase', files, rows))).toEqual(left);
  });
});
