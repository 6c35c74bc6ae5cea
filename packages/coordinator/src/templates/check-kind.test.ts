import { describe, expect, it } from '@jest/globals';
import type { HttpOperation, TemplateDefinition } from '@eden/domain';
import { checkSettings } from './check-settings.js';

const GET: HttpOperation = { method: 'GET', path: '/items' };
const POST: HttpOperation = { method: 'POST', path: '/items', body: {} };
const READ: TemplateDefinition = { endpointKind: 'Http', kind: 'Read', body: GET, settings: {} };

const pathsOf = (change: Partial<TemplateDefinition>) => checkSettings({ ...READ, ...change }).map(({ path }) => path);

describe('a template of the kind Http', () => {
  it('is a request, with what takes it back', () => {
    const outputs = { id: 'body.items[0].id', how: 'status', all: 'body' };
    const settings = { rollback: { method: 'DELETE', path: '/items/1' }, outputs, retries: 3, timeout_ms: 1 } as const;
    expect(pathsOf({ kind: 'Write', body: POST, settings })).toEqual([]);
    expect(pathsOf({})).toEqual([]);
  });

  it.each<[string, Partial<TemplateDefinition>]>([
    ['template.kind', { kind: 'Transaction', body: { operations: [] } }],
    ['template.kind', { kind: 'TwoPhaseTransaction' }],
    ['template.template', { body: { query: 'SELECT 1' } }],
    ['template.template', { kind: 'Write', body: { operations: [] } }],
    ['template.template.method', { body: POST }],
    ['rollback', { settings: { rollback: { query: 'SELECT 1' } } }],
    ['batch', { settings: { batch: { size: 1 } } }],
    ['lock_timeout_ms', { settings: { lock_timeout_ms: 1 } }],
    ['transactional', { settings: { transactional: true } }],
    ['outputs.n', { settings: { outputs: { n: 'headers.x' } } }],
    ['timeout_ms', { settings: { timeout_ms: -1 } }],
  ])('names %s', (path, change) => {
    expect(pathsOf(change)).toEqual([path]);
  });

  it('belongs to no database', () => {
    expect(pathsOf({ endpointKind: 'Postgres' })).toEqual(['template.template']);
    const settings = { rollback: GET };
    expect(pathsOf({ endpointKind: 'MySQL', body: { query: 'SELECT 1' }, settings })).toEqual(['rollback']);
    expect(
      pathsOf({ endpointKind: 'Postgres', body: { query: 'SELECT 1' }, settings: { outputs: { n: 'status' } } }),
    ).toEqual(['outputs.n']);
  });
});
