import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { edenFileSchema } from './schema.js';

const DOCS = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'reference');
const schema = JSON.parse(readFileSync(join(DOCS, 'eden.schema.json'), 'utf8')) as object;
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
const HEAD = 'version: 1\nmigration: shop\n';

/** What the reference shows. */
function documented(): string[] {
  const page = readFileSync(join(DOCS, 'cli.md'), 'utf8');
  return [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text ?? '');
}

describe('the JSON Schema of eden.yaml', () => {
  it('takes what the reference shows, and so does the program', () => {
    expect(documented()).toHaveLength(1);
    for (const text of documented()) {
      expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
      expect(edenFileSchema.safeParse(parse(text)).success).toBe(true);
    }
  });

  it.each([
    HEAD,
    `${HEAD}sources: [{endpoint: a, path: x}]`,
    `${HEAD}sources: [{endpoint: a, path: x, tool: flway}]`,
    `${HEAD}souces: []`,
    `${HEAD}endpoints: {a: {kind: Postgres, pasword: x}}`,
    `${HEAD}endpoints: {a: {kind: Postgres, host: h, other_hosts: [h2, "h3:5433"], target_session_attrs: primary}}`,
    `${HEAD}endpoints: {a: {kind: Postgres, host: h, other_hosts: h2}}`,
    `${HEAD}apis: [{id: a, bindings: [{template: t, fields: {x: [1, null]}}]}]`,
    `${HEAD}apis: [{id: "a b"}]`,
    `${HEAD}templates: [{id: t, template: {kind: Write, template: {query: SELECT 1}}, later: 1}]`,
    `${HEAD}options: {atomicity: sometimes}`,
    'version: 2\nmigration: shop',
    'migration: shop',
  ])('takes what the program takes, and refuses what it refuses: %j', (text) => {
    expect(validate(parse(text))).toBe(edenFileSchema.safeParse(parse(text)).success);
  });
});
