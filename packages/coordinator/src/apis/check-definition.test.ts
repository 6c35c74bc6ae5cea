import { describe, expect, it } from '@jest/globals';
import type { EdenError, Issue } from '@eden/domain';
import type { ApiDefinitionInput } from './check-definition.js';
import { checkDefinition } from './check-definition.js';

function issuesOf(definition: Partial<ApiDefinitionInput>, root?: string): readonly Issue[] {
  try {
    checkDefinition(definition, root);
  } catch (error) {
    return (error as EdenError).context['issues'] as readonly Issue[];
  }
  return [];
}

const field = (name: string, type = 'String') => ({ name, type, required: true }) as never;

describe('checkDefinition', () => {
  it('accepts an API without fields and bindings, and paths of every form', () => {
    expect(issuesOf({ fields: [], bindings: [] })).toEqual([]);
    const fields = { a: 'x', b: 'x.y[0].z', c: { path: 'x' }, d: { literal: 'any text' }, e: 5, f: null, g: ['x y'] };
    expect(issuesOf({ fields: [field('x.y')], bindings: [{ template: 't', fields }] })).toEqual([]);
  });

  it('names fields that are declared twice, of no type or of no name', () => {
    expect(issuesOf({ fields: [field('a'), field('a'), field('b', 'Date'), field('a..b')] })).toEqual([
      { path: 'fields[1].name', message: 'Field "a" is declared twice' },
      { path: 'fields[2].type', message: 'Must be String, Number, Boolean, Object, Array' },
      { path: 'fields[3].name', message: '"a..b" is not a field name' },
    ]);
  });

  it('names a binding field that is no path, below the root it was given', () => {
    const bindings = [{ template: 't', fields: { city: 'New York', other: { path: '' } } }];
    expect(issuesOf({ bindings }, 'next').map(({ path }) => path)).toEqual([
      'next.bindings[0].fields.city',
      'next.bindings[0].fields.other',
    ]);
  });
});
