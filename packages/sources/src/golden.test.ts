import { describe, expect, it } from '@jest/globals';
import type { HistoryPlace, SourceMigration, SourceTool } from '@eden/domain';
import { flywayChecksum } from './flyway/checksum.js';
import { flywayKey } from './flyway/record.js';
import { golangMigrateKeys } from './golang-migrate/record.js';
import { textFile } from './testing/folders.js';
import { createSources } from './tools.js';

const PLACE: HistoryPlace = {
  ...{ database: 'shop', user: 'ann', schema: 'public', schemaExists: true, columns: {}, siblings: [] },
  table: 'schema_migrations',
};

function readOne(tool: SourceTool, ...files: [string, string][]): SourceMigration {
  const { migrations, problems } = createSources()
    .tool(tool)
    .read(
      files.map(([path, text]) => textFile(path, text)),
      {},
    );
  expect(problems).toEqual([]);
  const [migration] = migrations;
  if (migration === undefined) throw new Error('nothing was read');
  return migration;
}

/** Values that the tools themselves gave, or that were computed from their sources by another program. */
describe('golden values', () => {
  it('Flyway: the key of its lock', () => {
    expect(flywayKey({ ...PLACE, table: 'flyway_schema_history' })).toBe('77433833903597');
    expect(flywayKey({ ...PLACE, schema: 'sales', table: 'flyway_schema_history' })).toBe('77432094460334');
  });

  it('Flyway: checksums are signed, and see neither line ends nor a byte-order mark', () => {
    expect(flywayChecksum('CREATE TABLE t1 (id int);\n')).toBe(-1030005526);
    expect(flywayChecksum('CREATE TABLE t1 (id int);')).toBe(-1030005526);
    expect(flywayChecksum('\uFEFFCREATE TABLE größe (\r\n  id int\r\n);\r\n')).toBe(-179392908);
  });

  it('golang-migrate: the keys of its lock, for its command line and for its library', () => {
    expect(golangMigrateKeys(PLACE)).toEqual(['2101699660', '3689236698']);
  });

  it('Liquibase 4.28: checksums of version 9, as its own update wrote them', () => {
    const text = [
      '--liquibase formatted sql\n\n--changeset ann:1 context:prod labels:x\n--comment: hello there',
      'CREATE TABLE t1 (\n  id int -- a comment\n);\n--rollback DROP TABLE t1;\n',
      '--changeset ann:2 splitStatements:false endDelimiter:/\nCREATE TABLE t2 (id int);\n--rollback empty\n',
    ].join('\n');
    const { migrations } = createSources()
      .tool('liquibase')
      .read([textFile('001_t.sql', text)], {});
    expect(migrations.map(({ version, checksum, down }) => [version, checksum, down])).toEqual([
      ['001_t.sql::1::ann', '9:7ea5dc31498da9329e34bcca87c632c8', 'DROP TABLE t1;'],
      ['001_t.sql::2::ann', '9:bda5eb5f3382524eede18bdbf49639ad', ''],
    ]);
    expect(migrations[0]?.details).toMatchObject({ comments: 'hello there', contexts: 'prod', labels: 'x' });
  });

  it.each([
    ['x'.repeat(250), 'x'.repeat(250)],
    ['x'.repeat(251), `${'x'.repeat(247)}...`],
    [' hello ', 'hello'],
  ])('Liquibase 4.28: a comment of more than 250 characters is cut, as its own history has it', (comment, noted) => {
    const migration = readOne('liquibase', [
      '1.sql',
      `--liquibase formatted sql\n--changeset ann:1\n--comment ${comment}\nSELECT 1;\n`,
    ]);
    const execution = { deployment: '1', milliseconds: 1 } as never;
    const [step] = createSources().tool('liquibase').record.applied(PLACE, migration, execution);
    expect(step?.params[4]).toBe(noted);
  });

  it('Prisma and Drizzle: the sha256 of the file', () => {
    const hash = '5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5';
    expect(readOne('prisma', ['20260101000000_a/migration.sql', '12345']).checksum).toBe(hash);
    const journal = JSON.stringify({ entries: [{ idx: 0, when: 1, tag: '0000_a' }] });
    expect(readOne('drizzle', ['meta/_journal.json', journal], ['0000_a.sql', '12345']).checksum).toBe(hash);
  });
});

describe('what a file says', () => {
  it('keeps the lines of the file, so that an error’s line leads there', () => {
    const { up, down } = readOne('dbmate', ['1_a.sql', '-- c\n-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n']);
    expect([up, down]).toEqual(['\n-- migrate:up\nSELECT 1;\n', '\n\n\n-- migrate:down\nSELECT 2;\n']);
    const text =
      '--liquibase formatted sql\n--changeset ann:1\n--comment x\nSELECT 1;\n--rollback SELECT 2;\nSELECT 3;\n';
    expect(readOne('liquibase', ['1.sql', text]).up.split('\n').slice(0, 6)).toEqual([
      '',
      '',
      '',
      'SELECT 1;',
      '',
      'SELECT 3;',
    ]);
  });

  it('node-pg-migrate: both parts in whichever order, and all of a file without marks', () => {
    expect(readOne('node-pg-migrate', ['1_a.sql', '-- Down Migration\nA;\n-- Up Migration\nB;'])).toMatchObject({
      up: '\n\n-- Up Migration\nB;',
      down: '-- Down Migration\nA;\n',
    });
    expect(readOne('node-pg-migrate', ['1_a.sql', 'B;'])).toMatchObject({ version: '1_a', up: 'B;', down: null });
    const pair = readOne('node-pg-migrate', ['1_a.up.sql', 'B;'], ['1_a.down.sql', 'A;']);
    expect(pair).toMatchObject({ version: '1_a', up: 'B;', down: 'A;' });
  });

  it('Drizzle: what stands between breakpoints ends there', () => {
    const journal = JSON.stringify({ entries: [{ idx: 0, when: 1, tag: '0000_a' }] });
    const text = 'SELECT 1--> statement-breakpoint\nSELECT 2;\n--> statement-breakpoint\nSELECT 3';
    expect(readOne('drizzle', ['meta/_journal.json', journal], ['0000_a.sql', text]).up).toBe(
      'SELECT 1;--> statement-breakpoint\nSELECT 2;\n--> statement-breakpoint\nSELECT 3',
    );
  });

  it('Liquibase: statements that end by another delimiter end by a semicolon', () => {
    const text = '--liquibase formatted sql\n--changeset ann:1 endDelimiter:GO\nSELECT 1\nGO\nSELECT 2 GO\n';
    expect(readOne('liquibase', ['1.sql', text]).up).toBe('\n\nSELECT 1\n;\nSELECT 2 ;\n');
  });

  it.each([
    ['/', '/* a comment */\nSELECT 1 /\n2\n /\t\nSELECT 3', '/* a comment */\nSELECT 1 /\n2\n ;\nSELECT 3'],
    ['go', 'SELECT cargo\n-- let it go\nFROM logo\nGO', 'SELECT cargo\n-- let it go\nFROM logo\n;'],
    ['go', "SELECT f('a')go\nSELECT 2; go", "SELECT f('a');\nSELECT 2; ;"],
    ['$$', 'SELECT 1$$\n-- costs $$\nSELECT 2 $$', 'SELECT 1;\n-- costs $$\nSELECT 2 ;'],
  ])('Liquibase: the delimiter %s does not end what only ends like it', (delimiter, sql, up) => {
    const head = `--liquibase formatted sql\n--changeset ann:1 endDelimiter:${delimiter}\n`;
    expect(readOne('liquibase', ['1.sql', `${head}${sql}`]).up).toBe(`\n\n${up}`);
  });

  it('Liquibase: properties of PostgreSQL count from their file on, the first one of a name', () => {
    const changelog = (path: string, ...properties: string[]) => {
      const lines = properties.map((property) => `--property ${property}\n`).join('');
      return textFile(
        path,
        `--liquibase formatted sql\n${lines}--changeset ann:${path}\nSELECT '\${a} \${b} \${c}';\n`,
      );
    };
    const files = [
      changelog('1.sql', 'name:a value:oracle dbms:oracle', 'name:a value:ours dbms:"h2, postgresql"'),
      changelog('2.sql', 'name:a value:late', 'name:b value:alone global:false', 'name:c value:x dbms:!postgresql'),
      changelog('3.sql', 'name:c value:last'),
    ];
    const { migrations } = createSources().tool('liquibase').read(files, {});
    expect(migrations.map(({ up }) => up.trim())).toEqual([
      "SELECT 'ours ${b} ${c}';",
      "SELECT 'ours alone ${c}';",
      "SELECT 'ours ${b} last';",
    ]);
  });

  it('Liquibase: a file of the rollback folder takes one changeset back, and is refused for several', () => {
    const changesets = ['--changeset ann:1\nA;\n', '--changeset ann:2\nB;\n--rollback own;\n'];
    const read = (...chosen: string[]) => {
      const files = [
        textFile('1.sql', `--liquibase formatted sql\n${chosen.join('')}`),
        textFile('undo/1.sql', 'undo;'),
      ];
      const { migrations, problems } = createSources().tool('liquibase').read(files, { rollback: 'undo' });
      return { downs: migrations.map(({ down }) => down), problems };
    };
    const undo = 'undo;';
    expect(read(changesets[1]!)).toEqual({ downs: [undo], problems: [] });
    expect(read(changesets[0]!, '--changeset ann:3 dbms:oracle\nC;\n')).toEqual({ downs: [undo], problems: [] });
    expect(read(...changesets)).toEqual({
      downs: [null, 'own;'],
      problems: [{ path: '1.sql', message: expect.stringMatching(/2 changesets.* "--rollback"/) }],
    });
  });

  it.each([
    ['V5', 'U005'],
    ['V005', 'U5'],
    ['V2_0', 'U2'],
    ['V1.10', 'U1_10.0'],
  ])('Flyway: %s is taken back by %s, which is its version written another way', (version, undo) => {
    expect(readOne('flyway', [`${version}__a.sql`, 'A;'], [`${undo}__a.sql`, 'B;']).down).toBe('B;');
  });

  it('Flyway: versions are numbers between dots, repeatable files come last, placeholders are replaced', () => {
    const files = [
      textFile('R__b.sql', 'SELECT 4;'),
      textFile('V10__x.sql', 'SELECT 3;'),
      textFile('V1_2__y_z.sql', 'SELECT ${Name}, ${flyway:filename};'),
      textFile('sub/V1.1__w.sql', 'SELECT 1;'),
    ];
    const { migrations, problems } = createSources()
      .tool('flyway')
      .read(files, { placeholders: { name: 'x' } });
    expect(problems).toEqual([]);
    expect(migrations.map(({ version, name, up }) => [version, name, up])).toEqual([
      ['1.1', 'w', 'SELECT 1;'],
      ['1.2', 'y z', 'SELECT x, V1_2__y_z.sql;'],
      ['10', 'x', 'SELECT 3;'],
      ['R b', 'b', 'SELECT 4;'],
    ]);
  });
});
