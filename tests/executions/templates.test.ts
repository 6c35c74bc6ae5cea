import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createApi,
  createTemplate,
  deleteTemplate,
  executeApi,
  executeTemplate,
  renderTemplate,
  testEndpoint,
  updateTemplate,
  type CreateTemplate,
} from '@eden/coordinator';
import type { EdenError, Issue, Template } from '@eden/domain';
import { createWorld, type World } from './world.js';

let world: World;
let made = 0;

beforeAll(async () => {
  world = await createWorld();
  await world.query(0, 'CREATE TABLE numbers (n int PRIMARY KEY)');
});

afterAll(() => world.close());

type Written = Partial<Omit<CreateTemplate, 'id' | 'description'>>;

function create(written: Written): Promise<Template> {
  return createTemplate(world.deps, world.admin, {
    id: `template-${(made += 1)}`,
    description: null,
    endpoint: 'first',
    kind: 'Write',
    body: { query: 'SELECT 1' },
    settings: {},
    ...written,
  });
}

const query = (text: string, settings: CreateTemplate['settings'] = {}): Promise<Template> =>
  create({ body: { query: text }, settings });

async function issuesOf(creating: Promise<unknown>): Promise<readonly Issue[]> {
  const error: unknown = await creating.catch((refusal: unknown) => refusal);
  expect(error).toMatchObject({ code: 'VALIDATION_FAILED' });
  return (error as EdenError).context['issues'] as readonly Issue[];
}

describe('creating a template', () => {
  it.each([
    'INSERT INTO {{ident target}} SELECT * FROM {{ident source}} WHERE id > {{batch.after}} LIMIT {{batch.size}} RETURNING id',
    'SELECT \'{{name}}\', "{{column}}" FROM t WHERE id = {{customer.id}} AND n IN ({{ids}})',
    'ALTER TABLE {{ident table}} ALTER COLUMN name TYPE varchar({{int length}})',
    "SELECT interval '{{days}} days', now() - {{span}}::interval, float({{precision}}) '1'",
    'ALTER TABLE t {{#each (list columns)}}{{#unless @first}}, {{/unless}}ADD COLUMN {{ident this}} text{{/each}}',
    'SELECT * FROM t ORDER BY {{#if up}}id ASC{{/if}}{{#if down}}id DESC{{/if}}',
    '{{raw validation_sql}}',
  ])('accepts %s', async (text) => {
    const batched = text.includes('batch.') ? { batch: { size: 10 } } : {};
    await expect(query(text, batched)).resolves.toBeDefined();
  });

  it('names line and column of an SQL error, in the statement and in its rollback', async () => {
    const settings = { rollback: { query: 'DORP TABLE t' } };
    const issues = await issuesOf(query('SELECT *\nFORM {{ident table}}', settings));
    expect(issues.map(({ path }) => path)).toEqual(['template.template.query', 'rollback.query']);
    expect(issues[0]?.message).toMatch(/line 2, column 1/);
    expect(issues[1]?.message).toMatch(/line 1, column 1/);
  });

  it('names the operation of a transaction that is wrong', async () => {
    const body = { operations: [{ query: 'SELECT 1' }, { query: 'SELEC 1' }] };
    const issues = await issuesOf(create({ kind: 'Transaction', body }));
    expect(issues.map(({ path }) => path)).toEqual(['template.template.operations[1].query']);
  });

  it('names line and column of bad Handlebars', async () => {
    const [issue] = await issuesOf(query('SELECT {{#if x}} 1'));
    expect(issue).toMatchObject({ path: 'template.template.query', message: expect.stringMatching(/line 1/) });
  });

  it('refuses a kind that is not the endpoint’s, and an endpoint that is not there', async () => {
    await expect(create({ endpoint: 'nothing' })).rejects.toMatchObject({ code: 'ENDPOINT_NOT_FOUND' });
    const [issue] = await issuesOf(create({ endpointKind: 'MySQL' as never }));
    expect(issue?.path).toBe('template.endpoint_kind');
  });

  it('wants Admin for raw SQL', async () => {
    const creating = createTemplate(world.deps, world.as('Write'), {
      id: 'raw',
      description: null,
      endpoint: 'first',
      kind: 'Write',
      body: { query: '{{raw sql}}' },
      settings: {},
    });
    await expect(creating).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
  });
});

describe('a template', () => {
  it('that takes SQL from its values is run by Admins only, also through an API', async () => {
    const { id } = await create({ kind: 'Read', body: { query: 'SELECT {{raw sql}} AS n' } });
    const params = { sql: '1 + 1' };
    const bindings = [{ template: id, fields: { sql: 'sql' } }];
    await createApi(world.deps, world.admin, { id: 'raw-api', description: null, fields: [], bindings });
    const refused = { code: 'INSUFFICIENT_PERMISSIONS', context: { required_level: 'Admin' } };
    const writer = world.as('Write');
    await expect(executeTemplate(world.deps, writer, id, params)).rejects.toMatchObject(refused);
    await expect(executeApi(world.deps, writer, 'raw-api', params)).rejects.toMatchObject(refused);
    expect(await executeTemplate(world.deps, world.admin, id, params)).toMatchObject({ rows: [{ n: 2 }] });
  });

  it('keeps what an update does not speak of, and is checked again', async () => {
    const { id, version } = await query('SELECT {{x}}', { defaults: { x: 1 } });
    const updated = await updateTemplate(world.deps, world.admin, id, { description: 'new', kind: 'Read' });
    expect(updated).toMatchObject({ description: 'new', kind: 'Read', settings: { defaults: { x: 1 } } });
    expect(updated.version).toBeGreaterThan(version);
    await issuesOf(updateTemplate(world.deps, world.admin, id, { body: { query: 'SELEC' } }));
    await deleteTemplate(world.deps, world.admin, id);
    await expect(deleteTemplate(world.deps, world.admin, id)).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
  });

  it('is rendered without being run, and run with its parameters', async () => {
    const { id } = await query('INSERT INTO numbers VALUES ({{n}}) RETURNING n');
    const { statements } = await renderTemplate(world.deps, world.admin, id, { n: 7 });
    expect(statements).toEqual([{ text: 'INSERT INTO numbers VALUES (7) RETURNING n', params: [] }]);
    expect(await world.query(0, 'SELECT FROM numbers')).toEqual([]);
    const answer = await executeTemplate(world.deps, world.as('Write'), id, { n: 7 });
    expect(answer).toEqual({ rows: [{ n: 7 }], rowCount: 1, executionTimeMs: expect.any(Number) });
    await expect(executeTemplate(world.deps, world.as('Read'), id, { n: 8 })).rejects.toMatchObject({
      code: 'INSUFFICIENT_PERMISSIONS',
    });
    await expect(executeTemplate(world.deps, world.admin, id, {})).rejects.toMatchObject({
      code: 'REQUIRED_PARAMETER_MISSING',
      context: { parameter: 'n', template: id },
    });
  });

  it('copies in batches, and leaves nothing behind when a batch fails', async () => {
    await world.query(0, 'CREATE TABLE copies (n int PRIMARY KEY)');
    await world.query(0, 'INSERT INTO numbers SELECT generate_series(101, 350)');
    const settings = { batch: { size: '{{size}}', start: 100 }, defaults: { size: '100' }, expect: { row_count: 250 } };
    const text =
      'INSERT INTO copies SELECT n FROM numbers WHERE n > {{batch.after}} ORDER BY n LIMIT {{batch.size}} RETURNING n';
    const { id } = await query(text, settings);
    expect(await executeTemplate(world.deps, world.admin, id, {})).toMatchObject({ rowCount: 250 });
    await world.query(0, 'DELETE FROM copies WHERE n < 300');
    await expect(executeTemplate(world.deps, world.admin, id, {})).rejects.toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { sqlstate: '23505', template: id },
    });
    expect(await world.query(0, 'SELECT count(*)::int FROM copies')).toEqual([{ count: 51 }]);
  });
});

describe('testing an endpoint', () => {
  it('tells what a migration over it can promise', async () => {
    expect(await testEndpoint(world.deps, world.admin, 'first')).toEqual({
      connected: true,
      latencyMs: expect.any(Number),
      serverVersion: expect.stringMatching(/^\d+/),
      atomicity: 'atomic',
      preparing: {
        possible: true,
        maxPreparedTransactions: expect.any(Number),
        slotsFree: expect.any(Number),
        reasons: [],
      },
    });
  });
});
