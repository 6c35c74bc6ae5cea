import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type {
  BoundOperation,
  BoundTemplate,
  CompiledTemplate,
  JsonObject,
  JsonValue,
  TemplateBody,
  TemplateSettings,
} from '@eden/domain';
import { createDatabase, testServers, withClient, type TestDatabase } from '@eden/testkit';
import { createTemplateEngine } from './index.js';

/** The starter library, run against PostgreSQL with the fields that the guide binds. */

interface LibraryTemplate extends TemplateSettings {
  readonly id: string;
  readonly template: {
    readonly endpoint_kind: 'Postgres';
    readonly kind: 'Read' | 'Write' | 'Transaction';
    readonly template: TemplateBody;
  };
}

interface Outcome {
  readonly rows: readonly JsonObject[];
  readonly rowCount: number;
}

type Client = Parameters<Parameters<typeof withClient>[1]>[0];

const LIBRARY = join(import.meta.dirname, '../../../templates/customer-migration');
const engine = createTemplateEngine();
const library = new Map(readdirSync(LIBRARY).map((file) => load(file)));
let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase(testServers().targets[0]);
  await query(`CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,
    email text UNIQUE, created_at timestamptz NOT NULL DEFAULT now())`);
  await query(`CREATE TABLE orders (customer bigint REFERENCES customers ON DELETE CASCADE)`);
  await query(`INSERT INTO customers (name, email) SELECT 'c' || n, n || '@example.org' FROM generate_series(1, 25) n`);
  await query(`INSERT INTO customers (id, name) OVERRIDING SYSTEM VALUE VALUES (-3, 'before zero')`);
  await query(`INSERT INTO orders SELECT id FROM customers`);
});

function load(file: string): [string, { definition: LibraryTemplate; compiled: CompiledTemplate }] {
  const definition = JSON.parse(readFileSync(join(LIBRARY, file), 'utf8')) as LibraryTemplate;
  const { kind, endpoint_kind: endpointKind, template: body } = definition.template;
  return [definition.id, { definition, compiled: engine.compile({ endpointKind, kind, body, settings: definition }) }];
}

function query(text: string): Promise<JsonObject[]> {
  return withClient(database.url, async (client) => (await client.query<JsonObject>(text)).rows);
}

function bind(id: string, fields: JsonObject): BoundTemplate {
  const entry = library.get(id);
  if (entry === undefined) throw new Error(`No template ${id}`);
  return entry.compiled.bind(fields);
}

/** Runs a template as a migration does: in one transaction, which is prepared and then committed. */
function run(id: string, fields: JsonObject): Promise<Outcome> {
  return runPrepared(bind(id, fields).operations);
}

function undo(id: string, fields: JsonObject): Promise<Outcome> {
  return runPrepared(bind(id, fields).rollback);
}

async function runPrepared(operations: readonly BoundOperation[]): Promise<Outcome> {
  return withClient(database.url, async (client) => {
    await client.query('BEGIN');
    let outcome: Outcome = { rows: [], rowCount: 0 };
    for (const operation of operations) outcome = await runOperation(client, operation);
    const { command } = await client.query(`PREPARE TRANSACTION 'library'`);
    expect(command).toBe('PREPARE');
    await client.query(`COMMIT PREPARED 'library'`);
    return outcome;
  });
}

async function runOperation(client: Client, operation: BoundOperation): Promise<Outcome> {
  let rowCount = 0;
  let after: JsonValue | undefined;
  for (;;) {
    const { text, params } = operation.render(after);
    const results = await client.query({ text, values: [...params] });
    const last = [results].flat().at(-1);
    const rows = (last?.rows ?? []) as JsonObject[];
    rowCount += last?.rowCount ?? 0;
    if (operation.batch === null || rows.length === 0) return { rows, rowCount };
    const keys = rows.map((row) => Number(Object.values(row)[0]));
    expect(keys.length).toBeLessThanOrEqual(operation.batch.size);
    after = Math.max(...keys);
  }
}

function output(id: string, name: string, { rows, rowCount }: Outcome): JsonValue | undefined {
  const path = library.get(id)?.definition.outputs?.[name];
  return path === 'row_count' ? rowCount : rows[0]?.[path?.replace('rows[0].', '') ?? ''];
}

async function columnsOf(table: string): Promise<Record<string, string>> {
  const rows = await query(`SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute
    WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`);
  return Object.fromEntries(rows.map(({ attname, type }) => [attname, type]));
}

async function contentOf(table: string): Promise<JsonObject[]> {
  return query(`SELECT id, name, email, created_at::text FROM ${table} ORDER BY id`);
}

const NEW_COLUMNS = { email_verified: 'boolean', phone_verified: 'boolean', created_by: 'text' };
const BACKUP = { source_table: 'customers', backup_table: 'customers_backup_v1' };
const TRANSFORM = { source_table: 'customers', target_table: 'customers_v2' };

describe('the customer migration library', () => {
  it('holds the templates that the guide names', () => {
    expect([...library.keys()].sort()).toEqual([
      'add_new_columns',
      'backup_customer_data',
      'copy_data_to_backup',
      'create_backup_table',
      'create_indexes',
      'drop_new_columns',
      'migrate_customer_data',
      'restore_from_backup',
      'transform_customer_schema',
      'validate_migrated_data',
      'verify_data_integrity',
    ]);
  });

  it('uses raw SQL only where the guide gives some', () => {
    const raw = [...library].filter(([, { compiled }]) => compiled.usesRaw).map(([id]) => id);
    expect(raw).toEqual(['validate_migrated_data']);
  });

  it.each([{ ...BACKUP }, { ...BACKUP, timestamp: "2026-11-22T10:00:00Z' \\" }])(
    'backs up the customers once, with fields %j',
    async (fields) => {
      const first = await run('backup_customer_data', fields);
      expect(output('backup_customer_data', 'source_record_count', first)).toBe('26');
      const copy = await contentOf('customers');
      await query(`UPDATE customers SET name = 'changed'`);
      await run('backup_customer_data', fields);
      expect(await contentOf('customers_backup_v1')).toEqual(copy);
      await undo('backup_customer_data', fields);
      expect(await query(`SELECT to_regclass('customers_backup_v1') AS backup`)).toEqual([{ backup: null }]);
    },
  );

  it.each([undefined, '7', 26])('transforms the customers into the new schema, with batch_size %j', async (size) => {
    const fields = { ...TRANSFORM, ...(size === undefined ? {} : { batch_size: size }) };
    for (let times = 0; times < 2; times += 1) {
      const outcome = await run('transform_customer_schema', fields);
      expect(output('transform_customer_schema', 'target_record_count', outcome)).toBe('26');
      expect(await contentOf('customers_v2')).toEqual(await contentOf('customers'));
    }
    expect(await columnsOf('customers_v2')).toMatchObject(NEW_COLUMNS);
    expect(await query(`INSERT INTO customers_v2 (name) VALUES ('new') RETURNING id`)).toEqual([{ id: '26' }]);
    await undo('transform_customer_schema', fields);
    expect(await query(`SELECT to_regclass('customers_v2') AS target`)).toEqual([{ target: null }]);
  });

  it('copies what arrived at the source since, when it transforms again', async () => {
    await run('transform_customer_schema', { ...TRANSFORM, batch_size: 10 });
    await query(`INSERT INTO customers (name) VALUES ('late')`);
    await run('transform_customer_schema', { ...TRANSFORM, batch_size: 10 });
    expect(await contentOf('customers_v2')).toEqual(await contentOf('customers'));
  });

  it('refuses a target whose columns are others than those of the source', async () => {
    await run('transform_customer_schema', TRANSFORM);
    await query('ALTER TABLE customers ADD COLUMN level boolean');
    await expect(run('transform_customer_schema', TRANSFORM)).rejects.toThrow(
      'the columns of customers_v2 do not begin with those of customers',
    );
  });

  it.each([
    [26, '26', true],
    ['26', 25, false],
  ])('compares the counts %j and %j', async (source, target, expected) => {
    const { rows } = await run('verify_data_integrity', { source_count: source, target_count: target });
    expect(Object.values(rows[0] ?? {})).toEqual([expected]);
    expect(library.get('verify_data_integrity')?.definition.expect).toEqual({ value: true });
  });

  it('runs the three stages of the guide, twice', async () => {
    const backup = 'customers_backup_20240115';
    const columns = { table: 'customers', columns: 'email_verified, phone_verified, created_by' };
    const indexes = { table: 'customers', indexes: 'idx_email_verified, idx_phone_verified' };
    for (let times = 0; times < 2; times += 1) {
      await run('create_backup_table', { source: 'customers', backup });
      const copied = await run('copy_data_to_backup', { source: 'customers', destination: backup });
      expect(output('copy_data_to_backup', 'backup_record_count', copied)).toBe('26');
      await run('add_new_columns', columns);
      await run('create_indexes', indexes);
      const migrated = await run('migrate_customer_data', { batch_size: '10', source_table: 'customers' });
      expect(output('migrate_customer_data', 'migrated_record_count', migrated)).toBe(26);
      const { rows } = await run('validate_migrated_data', { table: 'customers' });
      expect(rows).toEqual([{ valid: true }]);
    }
    expect(await columnsOf('customers')).toMatchObject(NEW_COLUMNS);
    expect(await query('SELECT DISTINCT email_verified, phone_verified, created_by FROM customers')).toEqual([
      { email_verified: false, phone_verified: false, created_by: 'migration' },
    ]);
    await undo('migrate_customer_data', { source_table: 'customers' });
    await undo('create_indexes', indexes);
    await undo('add_new_columns', columns);
    expect(Object.keys(await columnsOf('customers'))).toEqual(['id', 'name', 'email', 'created_at']);
    await undo('copy_data_to_backup', { source: 'customers', destination: backup });
    await undo('create_backup_table', { source: 'customers', backup });
    expect(await query(`SELECT to_regclass('${backup}') AS backup`)).toEqual([{ backup: null }]);
  });

  it('keeps values that are there when it fills columns, and takes other rules', async () => {
    await run('add_new_columns', {
      table: 'customers',
      columns: ['created_by', 'level'],
      column_types: { level: 'int4' },
    });
    await query(`UPDATE customers SET created_by = 'ann' WHERE id = 1`);
    const rules = { created_by: "o'brien \\", level: -1 };
    await run('migrate_customer_data', { source_table: 'customers', transformation_rules: rules });
    expect(await query('SELECT created_by, level FROM customers WHERE id IN (1, 2) ORDER BY id')).toEqual([
      { created_by: 'ann', level: -1 },
      { created_by: "o'brien \\", level: -1 },
    ]);
  });

  it('validates with the queries that it is given', async () => {
    const validation = 'SELECT true; SELECT count(*) = 26 FROM customers -- all of them';
    const { rows } = await run('validate_migrated_data', { table: 'customers', validation_queries: validation });
    expect(rows.map((row) => Object.values(row))).toEqual([[true]]);
  });

  it('restores what was backed up into a table that has more columns, keeps what refers to it, and drops the columns', async () => {
    const restore = { backup_table: 'customers_backup_v1', target_table: 'customers' };
    const columns = { table: 'customers', columns: 'new_field1, new_field2' };
    const before = await contentOf('customers');
    await run('backup_customer_data', BACKUP);
    await run('add_new_columns', columns);
    await query(`UPDATE customers SET name = upper(name), new_field1 = 'kept'`);
    await query(`DELETE FROM customers WHERE id > 20`);
    for (let times = 0; times < 2; times += 1) {
      const restored = await run('restore_from_backup', restore);
      expect(output('restore_from_backup', 'restored_record_count', restored)).toBe('26');
      expect(await contentOf('customers')).toEqual(before);
      expect(await query(`SELECT count(*) FROM orders`)).toEqual([{ count: '21' }]);
    }
    await run('drop_new_columns', columns);
    await run('drop_new_columns', columns);
    expect(Object.keys(await columnsOf('customers'))).toEqual(['id', 'name', 'email', 'created_at']);
  });

  it('keeps rows that came after the backup, unless they shall go', async () => {
    const restore = { backup_table: 'customers_backup_v1', target_table: 'customers' };
    await run('backup_customer_data', BACKUP);
    await query(`INSERT INTO customers (name) VALUES ('later')`);
    await run('restore_from_backup', restore);
    expect(await query(`SELECT count(*) FROM customers`)).toEqual([{ count: '27' }]);
    await run('restore_from_backup', { ...restore, remove_added_rows: true });
    expect(await contentOf('customers')).toEqual(await contentOf('customers_backup_v1'));
  });

  it('works on names that need quotes', async () => {
    const odd = `Odd "name's"`;
    const quoted = `"Odd ""name's"""`;
    await query(`CREATE SCHEMA "My Schema"`);
    await query(`CREATE TABLE "My Schema".${quoted} (LIKE customers INCLUDING ALL)`);
    await query(`INSERT INTO "My Schema".${quoted} (name) VALUES ('x')`);
    const source = `My Schema.${odd}`;
    await run('backup_customer_data', { source_table: source, backup_table: `${source} b` });
    await run('transform_customer_schema', { source_table: source, target_table: `${source} v2` });
    await run('restore_from_backup', { backup_table: `${source} b`, target_table: source });
    expect(await query(`SELECT name FROM "My Schema".${quoted}`)).toEqual([{ name: 'x' }]);
  });
});
