import { describe, expect, it } from '@jest/globals';
import type { EdenError } from '@eden/domain';
import { newApiSchema } from '../schemas/api.js';
import { addApiSchema, newMigrationSchema, syncSchema } from '../schemas/migration.js';
import { newTemplateSchema } from '../schemas/template.js';
import type { z } from 'zod';
import { formatPath, parseInput } from './validation.js';

function issuesOf(schema: z.ZodType, value: unknown): unknown {
  try {
    parseInput(schema, value);
  } catch (error) {
    expect((error as EdenError).code).toBe('VALIDATION_FAILED');
    return (error as EdenError).context['issues'];
  }
  throw new Error('the value was accepted');
}

describe('the issues of a refused body', () => {
  it('write paths as clients do', () => {
    expect(formatPath(['bindings', 0, 'template'])).toBe('bindings[0].template');
    expect(formatPath([])).toBe('');
  });

  it('name the place of a wrong value', () => {
    const body = { id: 'a', bindings: [{ template: 'not an id!', fields: {} }] };
    expect(issuesOf(addApiSchema, body)).toEqual([
      { path: 'bindings[0].template', message: expect.stringContaining('must start with a letter or digit') },
    ]);
  });

  it('name every unknown key, also in depth', () => {
    const body = { id: 'a', fields: [{ name: 'x', type: 'String', required: true, typo: 1 }], one: 1, two: 2 };
    expect(issuesOf(newApiSchema, body)).toEqual([
      { path: 'fields[0].typo', message: 'Unknown key "typo"' },
      { path: 'one', message: 'Unknown key "one"' },
      { path: 'two', message: 'Unknown key "two"' },
    ]);
  });

  it('are those of the alternative that came closest', () => {
    const template = { endpoint: 'db', kind: 'Transaction', template: { operations: [{ query: 'x', parms: [] }] } };
    expect(issuesOf(newTemplateSchema, { id: 't', template })).toEqual([
      { path: 'template.template.operations[0].parms', message: 'Unknown key "parms"' },
    ]);
  });

  it.each([{}, { endpoint: 'db', endpoint_uuid: '550e8400-e29b-41d4-a716-446655440000' }])(
    'want exactly one endpoint for a template: %j',
    (endpoint) => {
      const template = { ...endpoint, kind: 'Read', template: { query: 'SELECT 1' } };
      expect(issuesOf(newTemplateSchema, { id: 't', template })).toEqual([
        { path: 'template.endpoint_uuid', message: 'Exactly one of endpoint and endpoint_uuid is required' },
      ]);
    },
  );

  it('take a rehearsal for none that is not asked for', () => {
    expect(issuesOf(syncSchema, { rehearse: 'yes' })).toMatchObject([{ path: 'rehearse' }]);
    expect(syncSchema.parse({})).toEqual({ rehearse: false });
  });

  it('refuse options that would be ignored', () => {
    expect(issuesOf(newMigrationSchema, { id: 'm', options: { retries: 3 } })).toEqual([
      { path: 'options.retries', message: 'Unknown key "retries"' },
    ]);
  });
});
