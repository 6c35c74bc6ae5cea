import { describe, expect, it } from '@jest/globals';
import type { TemplateDefinition } from '@eden/domain';
import { checkSettings } from './check-settings.js';

const READ: TemplateDefinition = { endpointKind: 'Postgres', kind: 'Read', body: { query: 'SELECT 1' }, settings: {} };
const TRANSACTION: TemplateDefinition = { ...READ, kind: 'Transaction', body: { operations: [{ query: 'SELECT 1' }] } };

const pathsOf = (definition: TemplateDefinition) => checkSettings(definition).map(({ path }) => path);

describe('checkSettings', () => {
  it('accepts what the contract shows', () => {
    const settings = {
      outputs: { target_record_count: 'row_count', first: 'rows[0].id' },
      expect: { value: true },
      batch: { size: '{{batch_size}}', start: 0, commit: 'each' as const },
      timeout_ms: 30_000,
      lock_timeout_ms: 2_000,
      retries: 3,
      transactional: true,
    };
    expect(checkSettings({ ...READ, settings })).toEqual([]);
    expect(checkSettings(TRANSACTION)).toEqual([]);
  });

  it.each<[string, Partial<TemplateDefinition>]>([
    ['template.template', { kind: 'TwoPhaseTransaction' }],
    ['template.template', { body: TRANSACTION.body }],
    ['outputs.n', { settings: { outputs: { n: 'rows' } } }],
    ['expect', { settings: { expect: { value: 1, row_count: 2 } } }],
    ['expect', { settings: { expect: { row_count: -1 } } }],
    ['expect', { settings: { expect: {} as never } }],
    ['batch.size', { settings: { batch: { size: 0 } } }],
    ['batch.size', { settings: { batch: { size: 'many' } } }],
    ['timeout_ms', { settings: { timeout_ms: -1 } }],
    ['retries', { settings: { retries: 1.5 } }],
  ])('names %s', (path, change) => {
    expect(pathsOf({ ...READ, ...change })).toEqual([path]);
  });

  it('wants a batch of a transaction on its operation', () => {
    expect(pathsOf({ ...TRANSACTION, settings: { batch: { size: 1 } } })).toEqual(['batch']);
    const body = { operations: [{ query: 'SELECT 1' }, { query: 'SELECT 1', batch: { size: -1 } }] };
    expect(pathsOf({ ...TRANSACTION, body })).toEqual(['template.template.operations[1].batch.size']);
  });

  it('refuses a transaction of nothing, or outside of a transaction', () => {
    expect(pathsOf({ ...TRANSACTION, body: { operations: [] } })).toEqual(['template.template.operations']);
    expect(pathsOf({ ...TRANSACTION, settings: { transactional: false } })).toEqual(['transactional']);
  });
});
