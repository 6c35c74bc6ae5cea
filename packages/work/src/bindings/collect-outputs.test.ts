import { describe, expect, it } from '@jest/globals';
import { collectOutputs, isOutputPath } from './collect-outputs.js';

const result = { rows: [{ total: 7, nothing: null, doc: { tags: ['a', 'b'] } }], rowCount: 12, batches: 0 };

describe('collectOutputs', () => {
  it('reads the row count, columns, and values inside a JSON column', () => {
    const outputs = { n: 'row_count', total: 'rows[0].total', tag: 'rows[0].doc.tags[1]' };
    expect(collectOutputs(outputs, result)).toEqual({ n: 12, total: 7, tag: 'b' });
  });

  it('gives no value where the path leads nowhere, and null for an SQL NULL', () => {
    const outputs = { row: 'rows[1].total', column: 'rows[0].other', nothing: 'rows[0].nothing' };
    expect(collectOutputs(outputs, result)).toEqual({ nothing: null });
  });

  it('gives nothing for a template without outputs', () => {
    expect(collectOutputs(undefined, result)).toEqual({});
  });
});

describe('isOutputPath', () => {
  it.each(['row_count', 'rows[0].total', 'rows[3].doc.tags[0]'])('accepts %s', (path) => {
    expect(isOutputPath(path, 'Postgres')).toBe(true);
  });

  it.each(['', 'rows', 'rows[0]', 'rows.total', 'count', 'rows[x].a', 'rows[0]..a', 'rows[-1].a'])(
    'refuses %j',
    (path) => {
      expect(isOutputPath(path, 'Postgres')).toBe(false);
    },
  );
});
