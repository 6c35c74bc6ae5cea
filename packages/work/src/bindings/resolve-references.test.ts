import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '@eden/domain';
import { lookupIn, referenceOf, resolveMigrationFields } from './resolve-references.js';

const lookup = lookupIn([
  { started_at: '2024-01-15T10:30:00Z' },
  { target_record_count: 12 },
  { rules: [{ from: 'a' }], started_at: 'hidden' },
]);

describe('resolveMigrationFields', () => {
  it('resolves a string that starts with migration. and leaves every other value as it is', () => {
    const { values, unresolved, references } = resolveMigrationFields(
      {
        timestamp: 'migration.started_at',
        table: 'customers',
        size: 1000,
        on: true,
        list: ['migration.x'],
        o: { a: 1 },
      },
      lookup,
    );
    expect(unresolved).toEqual([]);
    expect(references).toEqual({ started_at: '2024-01-15T10:30:00Z' });
    expect(values).toEqual({
      timestamp: '2024-01-15T10:30:00Z',
      table: 'customers',
      size: 1000,
      on: true,
      list: ['migration.x'],
      o: { a: 1 },
    });
  });

  it('leaves an unresolved reference out of the values, so that a default can apply, and names it', () => {
    const resolved = resolveMigrationFields({ batch_size: 'migration.batch_size', table: 't' }, lookup);
    expect(resolved).toEqual({ values: { table: 't' }, unresolved: ['migration.batch_size'], references: {} });
  });

  it('takes a literal for what it holds, also when it looks like a reference', () => {
    const { values } = resolveMigrationFields({ a: { literal: 'migration.started_at' }, b: { literal: null } }, lookup);
    expect(values).toEqual({ a: 'migration.started_at', b: null });
  });

  it('never takes another string for a reference', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.startsWith('migration.'));
        expect(resolveMigrationFields({ f: text }, () => 'resolved').values).toEqual({ f: text });
      }),
    );
  });

  it('gives dotted fields the shape that dotted placeholders read', () => {
    const { values } = resolveMigrationFields({ 'customer.id': 1, 'customer.name': 'n' }, lookup);
    expect(values).toEqual({ customer: { id: 1, name: 'n' } });
  });
});

describe('lookupIn', () => {
  it('answers from the first source that has the name', () => {
    expect(lookup('started_at')).toBe('2024-01-15T10:30:00Z');
    expect(lookup('target_record_count')).toBe(12);
    expect(lookup('nothing')).toBeUndefined();
  });

  it('walks into a value and never into what it inherits', () => {
    expect(lookup('rules[0].from')).toBe('a');
    expect(lookup('constructor')).toBeUndefined();
    expect(lookup('rules.length')).toBeUndefined();
  });
});

describe('referenceOf', () => {
  it.each<[JsonValue, string | null]>([
    ['migration.rules', 'rules'],
    [{ path: 'migration.rules' }, 'rules'],
    [{ path: 'rules' }, null],
    ['migrations.rules', null],
    [{ literal: 'migration.rules' }, null],
    [7, null],
  ])('of %j is %j', (value, reference) => {
    expect(referenceOf(value)).toBe(reference);
  });
});
