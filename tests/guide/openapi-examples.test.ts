import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { expectDocumented } from './documented-shape.js';
import { guideJson, guideRequests } from './guide-blocks.js';
import type { GuideRequest } from './guide-blocks.js';

interface Content {
  readonly content?: { readonly 'application/json'?: { readonly examples?: Record<string, { value: unknown }> } };
}

interface OperationObject {
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

type Paths = Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;

const DOCUMENT = join(import.meta.dirname, '..', '..', 'docs', 'openapi.json');
const { paths } = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as { paths: Paths };

function operationOf({ method, path }: Pick<GuideRequest, 'method' | 'path'>): OperationObject {
  const pattern = path.replace(/(?<=migrations\/)[^/]+/, '{migration}');
  const operation = paths[pattern]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`${method} ${path} is not in the document`);
  return operation;
}

function examplesOf(part: Content | undefined): unknown[] {
  return Object.values(part?.content?.['application/json']?.examples ?? {}).map(({ value }) => value);
}

/** One of the examples is what the guide documents. */
function expectOneLike(examples: readonly unknown[], documented: unknown): void {
  const misses: unknown[] = [];
  for (const example of examples) {
    try {
      return expectDocumented(example, documented);
    } catch (error) {
      misses.push(error);
    }
  }
  throw new AggregateError(misses, `None of ${examples.length} examples is ${JSON.stringify(documented)}`);
}

describe('the examples of the OpenAPI document', () => {
  it.each(guideRequests().map((request) => [`${request.method} ${request.path}: ${request.heading}`, request] as const))(
    'have what the guide prints for %s',
    (_, request) => {
      const operation = operationOf(request);
      if (request.body !== undefined) expect(examplesOf(operation.requestBody)).toContainEqual(request.body);
      if (request.response !== undefined) expectOneLike(examplesOf(operation.responses['200']), request.response);
    },
  );

  it.each(['Multi-Stage Migration', 'Rollback Migration'])('have the body of "%s"', (heading) => {
    const { requestBody } = operationOf({ method: 'POST', path: '/api/v1/migrations' });
    expect(examplesOf(requestBody)).toContainEqual(guideJson(heading));
  });

  it('have the bindings with references', () => {
    const { requestBody } = operationOf({ method: 'POST', path: '/api/v1/migrations/m/add_api' });
    expect(examplesOf(requestBody)).toContainEqual(guideJson('Step 1: Create API Migration Configuration'));
  });

  it.each([
    ['1. **API Already Has Migration**', 'add_api', '409'],
    ['2. **Template Not Found**', 'add_api', '404'],
    ['3. **Migration Lock Timeout**', 'sync', '423'],
    ['4. **Parallel Execution Failure**', 'migrate', '500'],
  ])('have the error "%s"', (before, verb, status) => {
    const operation = operationOf({ method: 'POST', path: `/api/v1/migrations/m/${verb}` });
    expectOneLike(examplesOf(operation.responses[status]), guideJson('Common Error Scenarios', before));
  });
});
