import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../routes/index.js';
import { docsPage } from './docs-page.js';
import { openApiDocument } from './document.js';

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

describe('the rendered docs', () => {
  const page = docsPage(openApiDocument(OPERATIONS));

  it('show every operation and every schema', () => {
    for (const { description } of OPERATIONS) expect(page).toContain(`/api/v1${description.path}</code>`);
    expect(page).toContain('<code>Migration</code>');
  });

  it('load nothing from elsewhere and run no script', () => {
    expect(page).not.toMatch(/<script|<link|<img|src=|https?:\/\//);
  });
});
