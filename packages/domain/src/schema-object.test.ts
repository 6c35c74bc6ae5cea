import { expect, it } from '@jest/globals';
import { schemaChanges, type SchemaObject } from './schema-object.js';

function object(name: string, text = name, more: Partial<SchemaObject> = {}): SchemaObject {
  return { object: name, parent: null, text, definition: null, ...more };
}

const table = object('table t');
const column = object('column t.a', 'int', { parent: 'table t' });

it('what changed is told by its definition where that shows the change, and by its text otherwise', () => {
  const view = (definition: string | null, text: string) => object('view v', text, { definition });
  expect(schemaChanges([view('SELECT 1', 'a')], [view('SELECT 2', 'b')])).toEqual([
    { object: 'view v', change: 'changed', before: 'SELECT 1', after: 'SELECT 2' },
  ]);
  for (const other of [view('SELECT 1', 'b'), view(null, 'b')]) {
    expect(schemaChanges([view('SELECT 1', 'a')], [other])).toEqual([
      { object: 'view v', change: 'changed', before: 'a', after: 'b' },
    ]);
  }
  expect(schemaChanges([view('SELECT 1', 'a')], [view('SELECT  1', 'a')])).toEqual([]);
});

it('what comes and goes with its table is told with it, and by itself where the table stays', () => {
  expect(schemaChanges([table, column], [])).toEqual([
    { object: 'table t', change: 'removed', before: 'table t', after: null },
  ]);
  expect(schemaChanges([], [table, column])).toMatchObject([{ object: 'table t', change: 'added' }]);
  expect(schemaChanges([table], [table, column])).toEqual([
    { object: 'column t.a', change: 'added', before: null, after: 'int' },
  ]);
  expect(schemaChanges([table, column], [table, column])).toEqual([]);
});
