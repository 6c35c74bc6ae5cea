import { describe, expect, it } from '@jest/globals';
import type { FolderFile, SourceProblem, SourceTool } from '@eden/domain';
import { SOURCE_TOOLS } from '@eden/domain';
import { textFile, writeFolder } from './testing/folders.js';
import { createSources } from './tools.js';

function problemsOf(tool: SourceTool, ...files: FolderFile[]): SourceProblem[] {
  return [...createSources().tool(tool).read(files, {}).problems];
}

const UP = '-- migrate:up\nSELECT 1;\n-- migrate:down\n';

describe.each([...SOURCE_TOOLS])('a rollback folder of %s', (tool) => {
  const files = writeFolder(tool, [{ number: 1, title: 'a', up: 'SELECT 1;' }]);
  const read = (rollback: string, ...undos: FolderFile[]) =>
    createSources()
      .tool(tool)
      .read([...files, ...undos], { rollback });

  it.each(['undo', './undo/', 'undo//', '././undo'])('may be written as %j', (rollback) => {
    const [file] = createSources()
      .tool(tool)
      .read(files, {})
      .migrations.map((migration) => migration.file);
    const { migrations, problems } = read(rollback, textFile(`undo/${file}`, 'SELECT 2;'));
    expect(problems).toEqual([]);
    expect(migrations).toMatchObject([{ file, down: 'SELECT 2;' }]);
  });

  it('is refused where a file of it cannot be read, by name', () => {
    const undo = { path: 'undo/1.sql', bytes: Buffer.from('\uFEFFSELECT 2;', 'utf16le') };
    expect(read('undo', undo, textFile('undo/2.sql', '')).problems).toEqual([
      { path: undo.path, message: expect.stringContaining('UTF-16') },
    ]);
  });

  it.each(['undo', '.', '', '../undo'])('is refused where nothing lies in it: %j', (rollback) => {
    const { problems } = read(rollback, textFile('undos/1.sql', ''), textFile('undo.txt', ''));
    expect(problems).toEqual([{ path: null, message: expect.stringContaining(`folder "${rollback}"`) }]);
  });
});

describe('a folder that is not as it should be', () => {
  it.each([
    '../1_a.sql',
    'a/../../1_a.sql',
    '/etc/1_a.sql',
    'C:/1_a.sql',
    'a\\1_a.sql',
    './1_a.sql',
    'a//1_a.sql',
    '1_a\u0000.sql',
    '',
    `${'a'.repeat(1001)}.sql`,
  ])('is refused for the path %j, and nothing of it is read', (path) => {
    const { migrations, problems } = createSources()
      .tool('dbmate')
      .read([textFile(path, UP), textFile('2_b.sql', UP)], {});
    expect(problems).toMatchObject([{ path, message: expect.stringMatching(/path/) }]);
    expect(migrations).toEqual([]);
  });

  it('is refused for two files of one path, and for two of one version, by name', () => {
    expect(problemsOf('dbmate', textFile('1_a.sql', UP), textFile('1_a.sql', UP))).toMatchObject([
      { path: '1_a.sql', message: 'the folder has two files of this path' },
    ]);
    const draft = { title: 'a', up: 'SELECT 1;' };
    for (const tool of SOURCE_TOOLS.filter((name) => name !== 'prisma' && name !== 'node-pg-migrate')) {
      const twice = writeFolder(tool, [
        { ...draft, number: 1 },
        { ...draft, number: 1, title: tool === 'drizzle' ? 'a' : 'b' },
      ]);
      const files = tool === 'liquibase' ? twice.map(withOneLogicalPath) : uniquePaths(twice);
      expect([tool, problemsOf(tool, ...files).length]).toEqual([tool, 1]);
    }
  });

  it.each([
    ['V2__a.sql', 'V2_0__b.sql', '2.0'],
    ['U3__a.sql', 'U003.0.0__b.sql', '003.0.0'],
    ['R__a.sql', 'sub/R__a.sql', 'a'],
  ])('is refused for %s beside %s, which are one version of Flyway', (path, twin, version) => {
    const files = ['V3__x.sql', path, twin].map((name) => textFile(name, 'SELECT 1;'));
    expect(problemsOf('flyway', ...files)).toEqual([
      { path: twin, message: `it has the version ${version} of ${path}; give one of them another` },
    ]);
  });

  it.each<[string, Buffer]>([
    ['UTF-16', Buffer.from(`\uFEFF${UP}`, 'utf16le')],
    ['binary', Buffer.from(`${UP}\u0000`)],
    ['not valid UTF-8', Buffer.from([0x2d, 0x2d, 0xff, 0xfe, 0xc3])],
  ])('is refused for a file that is %s, by name', (kind, bytes) => {
    expect(problemsOf('dbmate', { path: '1_a.sql', bytes }, textFile('2_b.sql', UP))).toMatchObject([
      { path: '1_a.sql', message: expect.stringContaining(kind) },
    ]);
  });

  it('is not refused for what the tool does not read', () => {
    expect(
      problemsOf('dbmate', textFile('1_a.sql', UP), { path: 'logo.png', bytes: Buffer.from([0xff, 0, 1]) }),
    ).toEqual([]);
  });

  it.each<[SourceTool, string, string, RegExp]>([
    ['dbmate', '1_a.sql', 'SELECT 1;', /no block "-- migrate:up"/],
    ['dbmate', '1_a.sql', 'SELECT 1;\n-- migrate:up\n', /line 1: only comments/],
    ['dbmate', '1_a.sql', '-- migrate:down\n-- migrate:up\n', /before/],
    ['dbmate', '1_a.sql', '-- migrate:up\n-- migrate:down\n-- migrate:up\n', /several blocks/],
    ['goose', '1_a.sql', 'SELECT 1;', /no annotation/],
    ['goose', '0_a.sql', '-- +goose Up\n', /greater than zero/],
    ['goose', '1_a.sql', '-- +goose Up\n-- +goose StatementBegin\n', /StatementEnd/],
    ['goose', '1_a.sql', '-- +goose ENVSUB ON\n-- +goose Up\n', /environment/],
    ['goose', '1_a.go', 'package x', /written in Go/],
    ['golang-migrate', '1_a.down.sql', 'SELECT 1;', /no .up file/],
    ['prisma', 'migration_lock.toml', 'provider = "mysql"', /for mysql/],
    ['prisma', '20260101000000_a/readme.md', '', /no migration.sql/],
    ['flyway', 'V1__a.sql', 'SELECT ${who};', /placeholder \$\{who\}/],
    ['flyway', 'V1__a.sql', 'SELECT ${flyway:timestamp};', /makes itself where it runs: .* "flyway:timestamp" in/],
    ['flyway', 'V1__a.sql', 'SELECT ${flyway:workingDirectory};', /under the name "flyway:workingDirectory" in/],
    ['flyway', 'beforeMigrate.sql', 'SELECT 1;', /callbacks/],
    ['node-pg-migrate', '1_a.js', '', /JavaScript/],
    ['drizzle', 'meta/_journal.json', '{', /no journal/],
    ['drizzle', 'meta/_journal.json', '{"entries":[{"tag":"0000_a","when":1}]}', /lists it and it is not there/],
    ['drizzle', 'x/snapshot.json', '{}', /Drizzle 1.0/],
    ['liquibase', 'a.sql', '--liquibase formatted sql\n--changeset x\n', /line 2/],
    ['liquibase', 'a.sql', '--liquibase formatted sql\n--changeset a:1\n', /has no SQL/],
    [
      'liquibase',
      'a.sql',
      '--liquibase formatted sql\n--changeset a:1\n--preconditions onFail:HALT\nSELECT 1;',
      /precondition/,
    ],
    ['liquibase', 'a.xml', '<databaseChangeLog><changeSet/></databaseChangeLog>', /only formatted SQL/],
    ['dbmate', 'README.md', '', /no file that dbmate would apply/],
  ])('%s: %s with %j is refused', (tool, path, text, message) => {
    expect(problemsOf(tool, textFile(path, text))).toMatchObject([{ message: expect.stringMatching(message) }]);
  });

  it.each([...SOURCE_TOOLS])(
    'of 10 000 files is read and judged in seconds: %s',
    (tool) => {
      const drafts = Array.from({ length: 10_000 }, (_, at) => ({ number: at + 1, title: `t${at}`, up: 'SELECT 1;' }));
      const sources = createSources();
      const { migrations, problems } = sources.tool(tool).read(writeFolder(tool, drafts), {});
      expect(problems).toEqual([]);
      expect(migrations).toHaveLength(10_000);
      const place = { ...EMPTY, table: 'x' };
      const { pending } = sources.tool(tool).history.assess({ migrations, place, rows: [], options: {} });
      expect(pending).toHaveLength(10_000);
      expect(sources.detect(writeFolder(tool, drafts.slice(0, 3)))).toEqual([tool]);
    },
    10_000,
  );

  const LONG = 500_000;
  const blanks = ' '.repeat(LONG);
  const changelog = (text: string): string => `--liquibase formatted sql\n${text}`;
  it.each<[SourceTool, string, string]>([
    ['goose', '1_a.sql', `-- +goose Up\n-- +goose x${blanks}y\n`],
    ['node-pg-migrate', '1_a.sql', `${'\n'.repeat(LONG)}x`],
    ['node-pg-migrate', '1_a.sql', '--\n'.repeat(LONG)],
    ['flyway', 'V1__a.sql', '${'.repeat(LONG)],
    ['flyway', 'V1__a.sql.conf', `a=${blanks}b${blanks}c`],
    ['prisma', 'migration_lock.toml', '\n'.repeat(LONG)],
    ['liquibase', 'a.sql', changelog(`--changeset a:b\n${'${'.repeat(LONG)}`)],
    ['liquibase', 'a.sql', changelog(`--changeset a:b ${'a'.repeat(LONG)}\nSELECT 1;`)],
    ['liquibase', 'a.sql', changelog(`--changeset ${blanks}\nSELECT 1;`)],
    ['liquibase', 'a.sql', changelog('--ignoreLines:start\n--ignoreLines:end\n'.repeat(LONG / 10))],
  ])('of one long text takes no longer than of many short ones: %s %s %#', (tool, path, text) => {
    const files = [textFile(path, text), textFile('V1__a.sql', 'SELECT 1;')];
    const startedAt = performance.now();
    createSources().tool(tool).read(files, {});
    createSources().detect(files);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it.each(['constructor', '__proto__'])('knows no value of the name %s that nobody has given', (name) => {
    expect(problemsOf('flyway', textFile('V1__a.sql', `SELECT '\${${name}}';`))).toMatchObject([
      { message: expect.stringContaining(name) },
    ]);
    const text = changelog(`--changeset a:b\nSELECT '\${${name}}';`);
    const { migrations } = createSources()
      .tool('liquibase')
      .read([textFile('a.sql', text)], {});
    expect(migrations[0]?.up.trim()).toBe(`SELECT '\${${name}}';`);
  });

  it.each([
    ['-- Up Migration\nA;\n-- Down Migration\nB;', 'A;', 'B;'],
    ['\n  --\n-- up migration\nA;\n---- down\t migration\nB;', 'A;', 'B;'],
    ['-- down migration\nB;\n\n -- - up\nmigration\nA;', 'A;', 'B;'],
    ["SELECT '-- up migration';\n-- Down Migration\nB;", "SELECT '-- up migration';", 'B;'],
  ])('of node-pg-migrate has its markers where the tool finds them: %j', (text, up, down) => {
    const { migrations } = createSources()
      .tool('node-pg-migrate')
      .read([textFile('1_a.sql', text)], {});
    const statements = (part: string | null | undefined): string | undefined => part?.match(/\S.*;/)?.[0];
    expect([migrations[0]?.up, migrations[0]?.down].map(statements)).toEqual([up, down]);
    expect(migrations[0]?.up).not.toContain(down);
  });

  it('holds COMMIT wherever it likes: whether that is a statement is for the parser of the target, not for the folder', () => {
    const text = `-- migrate:up\n-- COMMIT;\nSELECT 'COMMIT;';\nDO $$ BEGIN /* COMMIT; */ END $$;\nCOMMIT;\n`;
    const { migrations, problems } = createSources()
      .tool('dbmate')
      .read([textFile('1_a.sql', text)], {});
    expect(problems).toEqual([]);
    expect(migrations[0]?.up).toBe(text);
  });
});

const EMPTY = { database: 'd', user: 'u', schema: 'public', schemaExists: true, columns: {}, siblings: [] };

function withOneLogicalPath(file: FolderFile): FolderFile {
  const text = Buffer.from(file.bytes)
    .toString()
    .replace('--changeset ann:1', '--changeset ann:1 logicalFilePath:x.sql');
  return textFile(file.path, text);
}

function uniquePaths(files: readonly FolderFile[]): FolderFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}
