import { randomUUID } from 'node:crypto';
import type {
  Assessment,
  FolderFile,
  HistoryPlace,
  JsonObject,
  MigrationTool,
  RecordStep,
  SourceMigration,
  SourceOptions,
  Statement,
} from '@eden/domain';

/** What runs statements: a client of the driver. */
interface Session {
  query(text: string, params?: unknown[]): Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }>;
}

/** What a tool sees in a database, as the engine reads it. */
export interface Look {
  readonly place: HistoryPlace;
  readonly rows: readonly JsonObject[];
  readonly migrations: readonly SourceMigration[];
  readonly assessment: Assessment;
}

async function query(client: Session, { text, params }: Statement): Promise<JsonObject[]> {
  const { rows } = await client.query(text, [...params]);
  return rows as JsonObject[];
}

export async function look(
  client: Session,
  tool: MigrationTool,
  files: readonly FolderFile[],
  options: SourceOptions = {},
): Promise<Look> {
  const { migrations, problems } = tool.read(files, options);
  const [row = {}] = await query(client, tool.history.probe(options));
  const place = tool.history.place(row);
  const statement = tool.history.rows(place);
  const rows = statement === null ? [] : await query(client, statement);
  const assessment = tool.history.assess({ migrations, place, rows, options });
  return { place, rows, migrations, assessment: { ...assessment, problems: [...problems, ...assessment.problems] } };
}

export async function takeSteps(client: Session, steps: readonly RecordStep[]): Promise<void> {
  for (const { text, params, expects } of steps) {
    const { rowCount } = await client.query(text, [...params]);
    if (expects !== undefined && rowCount !== expects.rows) throw new Error(expects.otherwise);
  }
}

const EXECUTION = (): { id: string; executionTimeMs: number; deployment: string } => ({
  id: randomUUID(),
  executionTimeMs: 7,
  deployment: '1700000000',
});

/** Lock, look again, files and rows, one more look, and the two phases: all in one transaction, as a participant does it. */
export async function migrate(
  client: Session,
  tool: MigrationTool,
  files: readonly FolderFile[],
  options: SourceOptions = {},
): Promise<void> {
  await inPreparedTransaction(client, async () => {
    const before = await look(client, tool, files, options);
    const { place, assessment } = before;
    if (assessment.problems.length > 0) throw new Error(assessment.problems.map(({ message }) => message).join('; '));
    await takeSteps(client, tool.record.lock(place));
    await takeSteps(client, tool.record.create(place));
    await takeSteps(client, tool.record.baselined(place, assessment.baseline, EXECUTION()));
    for (const migration of assessment.pending) {
      await client.query(migration.up);
      await takeSteps(client, tool.record.applied(place, migration, EXECUTION()));
    }
    await takeSteps(client, tool.record.unlock(place));
  });
}

/** The downs of everything that was applied behind `kept` files, latest first. */
export async function rollBack(
  client: Session,
  tool: MigrationTool,
  files: readonly FolderFile[],
  { kept, options = {} }: { readonly kept: number; readonly options?: SourceOptions },
): Promise<void> {
  await inPreparedTransaction(client, async () => {
    const { place, migrations } = await look(client, tool, files, options);
    await takeSteps(client, tool.record.lock(place));
    for (let at = migrations.length - 1; at >= kept; at -= 1) {
      const migration = migrations[at];
      if (migration?.down == null) throw new Error(`${String(migration?.file)} has no down`);
      await client.query(migration.down);
      await takeSteps(client, tool.record.removed(place, migration, migrations[at - 1] ?? null));
    }
    await takeSteps(client, tool.record.unlock(place));
  });
}

async function inPreparedTransaction(client: Session, work: () => Promise<void>): Promise<void> {
  const id = `sources_${randomUUID()}`;
  await client.query('BEGIN');
  try {
    await work();
    await client.query(`PREPARE TRANSACTION '${id}'`);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  await client.query(`COMMIT PREPARED '${id}'`);
}
