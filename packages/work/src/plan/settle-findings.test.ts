import { describe, expect, it } from '@jest/globals';
import type {
  ApiTemplate,
  LintPlace,
  Member,
  PlannedApi,
  PlannedBinding,
  Template,
  TextLint,
  Uuid,
} from '@eden/domain';
import { settleFindings } from './settle-findings.js';
import { usersOfGone } from './users-of-gone.js';

const ENDPOINT = 'endpoint' as Uuid;

function binding(lint: Partial<TextLint>): PlannedBinding {
  return {
    template: null,
    templateId: 'x',
    templateVersion: 0,
    endpoint: ENDPOINT,
    endpointId: 'e',
    endpointVersion: 0,
    statements: [],
    fields: {},
    class: '2pc',
    findings: [],
    estimatedRows: null,
    lint: { places: [], makes: [], ignores: [], ...lint },
  };
}

function api(apiId: string, stage: number, position: number, ...bindings: readonly PlannedBinding[]): PlannedApi {
  return { api: apiId as Uuid, apiId, stage, position, bindings };
}

const place = (more: Partial<LintPlace>): LintPlace => {
  return { rule: 'drop-table', severity: 'danger', message: 'Gone. Wait', line: 3, ...more };
};

function rulesOf(apis: readonly PlannedApi[]) {
  return Object.fromEntries(
    apis.map(({ apiId, bindings }) => [apiId, bindings.map(({ findings }) => findings.map(({ rule }) => rule))]),
  );
}

describe('the findings of a plan', () => {
  const makes = binding({ makes: ['t'] });
  const drops = binding({ places: [place({ unless: ['t'] })] });

  it('are settled in the order of the run, whatever the order of the list', () => {
    const inStages = settleFindings([api('b', 1, 0, drops), api('a', 0, 1, makes)], String);
    expect(rulesOf(inStages)).toEqual({ a: [[]], b: [[]] });
    const byPosition = settleFindings([api('a', 0, 1, makes), api('b', 0, 0, drops)], String);
    expect(rulesOf(byPosition)).toEqual({ a: [[]], b: [['drop-table']] });
  });

  it('are told apart by database', () => {
    const other = { ...drops, endpoint: 'other' as Uuid };
    expect(rulesOf(settleFindings([api('a', 0, 0, makes, drops, other)], String))).toEqual({
      a: [[], [], ['drop-table']],
    });
    expect(rulesOf(settleFindings([api('a', 0, 0, makes, other)], () => 'same'))).toEqual({ a: [[], []] });
  });

  it('are all that is kept of what lint knows', () => {
    const ignores = [{ rule: 'drop-table', reason: 'empty', line: 1 }];
    const [settled] = settleFindings([api('a', 0, 0, binding({ places: [place({})], ignores }))], String);
    const [first] = settled?.bindings ?? [];
    expect(first).toMatchObject({ findings: [], silenced: [{ rule: 'drop-table', reason: 'empty', line: 3 }] });
    expect(first).not.toHaveProperty('lint');
  });
});

describe('who uses what is gone', () => {
  const bound = (apiId: string, query: string, fields = {}): ApiTemplate => ({
    apiUuid: apiId as Uuid,
    apiId,
    fields,
    template: templateOf(query),
  });

  function templateOf(query: string): Template {
    return { endpointUuid: ENDPOINT, body: { query, params: [] }, settings: {} } as unknown as Template;
  }

  const users = [
    bound('reads', 'SELECT state FROM Orders'),
    bound('other_column', 'SELECT id FROM orders'),
    bound('other_table', 'SELECT state FROM reorders'),
    bound('by_field', 'SELECT "state" FROM {{ident table}}', { table: { literal: 'shop.orders' } }),
  ];
  const gone = { table: 'orders', column: 'state' };
  const dropping = [api('m', 0, 0, binding({ places: [place({ gone })] }))];
  const next = new Map([['next' as Uuid, templateOf('SELECT status FROM orders')]]);
  const reader = { apiTemplates: () => Promise.resolve(users), templatesByUuid: () => Promise.resolve(next) };
  const places = [{ endpoint: ENDPOINT, database: 'd' }];

  it('are APIs whose templates or bindings name table and column', async () => {
    const usersOf = await usersOfGone(reader, dropping, { places, members: [] });
    expect(usersOf('d', gone)).toEqual(['reads', 'by_field']);
    expect(usersOf('d', { table: 'orders', column: null })).toEqual(['reads', 'other_column', 'by_field']);
    expect(usersOf('elsewhere', gone)).toEqual([]);
  });

  it('are not those that the migration itself changes, unless they go on using it', async () => {
    const becoming = (templateUuid: string): Member =>
      ({
        api: { uuid: 'reads', id: 'reads' },
        membership: { next: { bindings: [{ templateUuid, fields: {} }] } },
      }) as unknown as Member;
    const usersOf = await usersOfGone(reader, dropping, { places, members: [becoming('next')] });
    expect(usersOf('d', gone)).toEqual(['by_field']);
    expect(usersOf('d', { table: 'orders', column: null })).toContain('reads');
  });

  it('are not asked for where nothing is gone', async () => {
    const never = { apiTemplates: () => Promise.reject(new Error('asked')), templatesByUuid: reader.templatesByUuid };
    const harmless = [api('m', 0, 0, binding({ places: [place({})] }))];
    await expect(usersOfGone(never, harmless, { places, members: [] })).resolves.toBeInstanceOf(Function);
  });
});
