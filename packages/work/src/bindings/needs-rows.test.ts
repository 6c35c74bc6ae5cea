import { describe, expect, it } from '@jest/globals';
import type { TemplateSettings } from '@eden/domain';
import { needsRows } from './needs-rows.js';

describe('the rows of a binding', () => {
  it.each<[boolean, TemplateSettings]>([
    [false, {}],
    [false, { outputs: { changed: 'row_count' }, expect: { row_count: 3 } }],
    [true, { outputs: { changed: 'row_count', first: 'rows[0].id' } }],
    [true, { expect: { value: 7 } }],
    [true, { expect: { no_rows: true } }],
  ])('are needed: %s, with %j', (expected, settings) => {
    expect(needsRows(settings)).toBe(expected);
  });
});
