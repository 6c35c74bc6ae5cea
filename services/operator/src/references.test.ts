import { expect, test } from '@jest/globals';
import type { Kind, Resource } from './resources/objects.js';
import { References } from './references.js';

function object(kind: Kind, name: string, spec: object, namespace = 'n'): Resource {
  return { kind, metadata: { name, namespace }, spec } as unknown as Resource;
}

const migration = (name: string, connection: string, namespace?: string) =>
  object('EdenMigration', name, { connectionRef: { name: connection } }, namespace);

test('a change concerns those of its namespace that name it, as they are now', () => {
  const references = new References();
  for (const each of [migration('a', 'eden'), migration('b', 'eden'), migration('c', 'eden', 'other')])
    references.note(each);
  expect(references.concernedBy('EdenConnection/n/eden')).toEqual(['EdenMigration/n/a', 'EdenMigration/n/b']);
  references.note(migration('a', 'another'));
  references.forget('EdenMigration/n/b');
  expect(references.concernedBy('EdenConnection/n/eden')).toEqual([]);
  expect(references.concernedBy('EdenConnection/n/another')).toEqual(['EdenMigration/n/a']);
  expect(references.known).toEqual(['EdenMigration/other/c', 'EdenMigration/n/a']);
});

test('an approval concerns its migration, and is concerned by it', () => {
  const references = new References();
  const spec = { connectionRef: { name: 'approver' }, migrationRef: { name: 'shop' } };
  references.note(object('EdenMigrationApproval', 'yes', spec));
  expect(references.concernedBy('EdenMigrationApproval/n/yes')).toEqual(['EdenMigration/n/shop']);
  expect(references.concernedBy('EdenMigration/n/shop')).toEqual(['EdenMigrationApproval/n/yes']);
});
