import { describe, expect, it } from '@jest/globals';
import { withoutConcurrently } from './without-concurrently.js';

const BLANK = ' '.repeat('CONCURRENTLY'.length);

describe('a text without CONCURRENTLY', () => {
  it.each([
    ['CREATE INDEX CONCURRENTLY i ON t (a);', `CREATE INDEX ${BLANK} i ON t (a);`],
    [
      'create unique index concurrently if not exists i on t (a)',
      `create unique index ${BLANK} if not exists i on t (a)`,
    ],
    ['DROP INDEX CONCURRENTLY i;\nREINDEX TABLE CONCURRENTLY t;', `DROP INDEX ${BLANK} i;\nREINDEX TABLE ${BLANK} t;`],
  ])('%j is %j', async (text, expected) => {
    expect(await withoutConcurrently(text)).toBe(expected);
  });

  it.each([
    'REFRESH MATERIALIZED VIEW CONCURRENTLY v;',
    "SELECT 'CREATE INDEX CONCURRENTLY i ON t (a)';",
    '-- CREATE INDEX CONCURRENTLY i ON t (a);\nSELECT 1;',
    'DO $$ BEGIN /* CREATE INDEX CONCURRENTLY */ END $$;',
    'CREATE TABLE concurrently_ran (concurrently int);',
    'ALTER TABLE t DETACH PARTITION p CONCURRENTLY;',
  ])('%j stays as it is', async (text) => {
    expect(await withoutConcurrently(text)).toBe(text);
  });
});
