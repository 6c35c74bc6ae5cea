import type { FolderFile, SourceTool } from '@eden/domain';

/** A migration as the tests think of it; each tool writes it its own way. */
export interface Draft {
  readonly number: number;
  readonly title: string;
  readonly up: string;
  readonly down?: string;
  /** Says of itself that it must not run in a transaction. */
  readonly outside?: boolean;
}

export function textFile(path: string, text: string): FolderFile {
  return { path, bytes: Buffer.from(text) };
}

type Writer = (drafts: readonly Draft[]) => FolderFile[];

const time = (number: number): string => String(20_260_101_000_000 + number);

const WRITERS: Readonly<Record<SourceTool, Writer>> = {
  dbmate: (drafts) =>
    drafts.map(({ number, title, up, down, outside }) =>
      textFile(
        `${time(number)}_${title}.sql`,
        `-- migrate:up${outside ? ' transaction:false' : ''}\n${up}\n\n-- migrate:down\n${down ?? ''}\n`,
      ),
    ),
  'golang-migrate': (drafts) =>
    drafts.flatMap(({ number, title, up, down }) => {
      const base = `${String(number).padStart(6, '0')}_${title}`;
      return [textFile(`${base}.up.sql`, up), ...(down === undefined ? [] : [textFile(`${base}.down.sql`, down)])];
    }),
  goose: (drafts) =>
    drafts.map(({ number, title, up, down, outside }) =>
      textFile(
        `${String(number).padStart(5, '0')}_${title}.sql`,
        `${outside ? '-- +goose NO TRANSACTION\n' : ''}-- +goose Up\n${up}\n${down === undefined ? '' : `\n-- +goose Down\n${down}\n`}`,
      ),
    ),
  prisma: (drafts) => [
    textFile('migration_lock.toml', 'provider = "postgresql"\n'),
    ...drafts.flatMap(({ number, title, up, down }) => {
      const folder = `${time(number)}_${title}`;
      const undo = down === undefined ? [] : [textFile(`${folder}/down.sql`, down)];
      return [textFile(`${folder}/migration.sql`, up), ...undo];
    }),
  ],
  flyway: (drafts) =>
    drafts.flatMap(({ number, title, up, down, outside }) => [
      textFile(`V${number}__${title}.sql`, up),
      ...(down === undefined ? [] : [textFile(`U${number}__${title}.sql`, down)]),
      ...(outside ? [textFile(`V${number}__${title}.sql.conf`, 'executeInTransaction=false\n')] : []),
    ]),
  'node-pg-migrate': (drafts) =>
    drafts.map(({ number, title, up, down }) =>
      textFile(
        `${1_700_000_000_000 + number}_${title}.sql`,
        `-- Up Migration\n${up}\n${down === undefined ? '' : `\n-- Down Migration\n${down}\n`}`,
      ),
    ),
  drizzle: (drafts) => [
    textFile(
      'meta/_journal.json',
      JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        entries: drafts.map(({ number, title }, idx) => ({
          ...{ idx, version: '7', when: 1_700_000_000_000 + number, breakpoints: true },
          tag: `${String(number).padStart(4, '0')}_${title}`,
        })),
      }),
    ),
    ...drafts.flatMap(({ number, title, up, down }) => {
      const name = `${String(number).padStart(4, '0')}_${title}.sql`;
      return [textFile(name, up), ...(down === undefined ? [] : [textFile(`undo/${name}`, down)])];
    }),
  ],
  liquibase: (drafts) =>
    drafts.map(({ number, title, up, down, outside }) =>
      textFile(
        `${String(number).padStart(3, '0')}_${title}.sql`,
        `--liquibase formatted sql\n\n--changeset ann:${number}${outside ? ' runInTransaction:false' : ''}\n${up}\n${down === undefined ? '' : `--rollback ${down}\n`}`,
      ),
    ),
};

/** The folder of a tool that holds these migrations. */
export function writeFolder(tool: SourceTool, drafts: readonly Draft[]): FolderFile[] {
  return WRITERS[tool](drafts);
}
