import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { OPERATIONS } from '../routes/index.js';
import { errorSchema } from '../schemas/envelope.js';
import { DOCS_POLICY, docsPage } from './docs-page.js';
import { openApiDocument } from './document.js';
import { GUIDE_EXAMPLES } from './guide-examples.js';

const COMMITTED = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'openapi.json');

describe('the OpenAPI document', () => {
  const document = openApiDocument(OPERATIONS);

  it('is the committed one: after a change run `npm run openapi`', async () => {
    expect(JSON.parse(await readFile(COMMITTED, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has a path for every operation, and no operation twice', () => {
    const routes = OPERATIONS.map(({ description }) => `${description.method} ${description.path}`);
    expect(new Set(routes).size).toBe(routes.length);
    for (const { description } of OPERATIONS) {
      const item = document.paths?.[`/api/v1${description.path}`];
      expect(item?.[description.method]?.summary).toBe(description.summary);
    }
  });

  it('refers only to schemas that it has', () => {
    const names = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1]);
    expect(names.length).toBeGreaterThan(0);
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(expect.arrayContaining([...new Set(names)]));
  });

  it('says of every body with known keys that others are refused', () => {
    for (const { description } of OPERATIONS) {
      const schema = document.paths?.[`/api/v1${description.path}`]?.[description.method]?.requestBody;
      if (description.body === undefined) expect(schema).toBeUndefined();
      else expect(schema).toBeDefined();
    }
  });
});

describe('the examples', () => {
  it.each(Object.entries(GUIDE_EXAMPLES))('of %s are what its schemas accept', (name, examples) => {
    const operation = OPERATIONS.find(({ description: { method, path } }) => `${method} ${path}` === name);
    const { body, result } = operation?.description ?? {};
    const errors = Object.values(examples.errors ?? {});
    const groups: [z.ZodType | undefined, object | undefined][] = [
      [body, examples.body],
      [result, examples.result],
      ...errors.map((group): [z.ZodType, object] => [errorSchema, group]),
    ];
    for (const [schema, group = {}] of groups) {
      for (const example of Object.values(group)) expect(schema?.safeParse(example)).toMatchObject({ success: true });
    }
  });
});

describe('the rendered docs', () => {
  const page = docsPage(openApiDocument(OPERATIONS));

  it('show every operation and every schema', () => {
    for (const { description } of OPERATIONS) expect(page).toContain(`/api/v1${description.path}</code>`);
    expect(page).toContain('<code>Migration</code>');
  });

  it('load nothing from elsewhere and run no script', () => {
    expect(page).not.toMatch(/<script|<link|<img|src=|https?:\/\//);
  });

  it('follow references instead of printing them', () => {
    expect(page).not.toMatch(/\$ref|#\/components/);
    const runs = page.slice(page.indexOf('/api/v1/migrations/{migration}/runs</code>'));
    expect(runs.slice(0, runs.indexOf('</details>\n<details>'))).toContain('<code>lock_wait_ms</code>');
  });

  it('lead with every link to something on the page', () => {
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
    expect(targets.length).toBeGreaterThan(0);
    for (const target of new Set(targets)) expect(page).toContain(`id="${target}"`);
  });

  it('show the examples of the guide', () => {
    expect(page).toContain('added Api to migration');
    expect(page).toContain('&quot;template&quot;: &quot;backup_customer_data&quot;');
    expect(page).toContain('Migration lock acquisition timeout');
  });

  it('are allowed their own style, and nothing else', () => {
    const style = /<style>([^]*)<\/style>/.exec(page)?.[1] ?? '';
    expect(DOCS_POLICY).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(DOCS_POLICY).not.toContain('unsafe');
    expect(page).not.toMatch(/ style=| on\w+=/);
  });
});
