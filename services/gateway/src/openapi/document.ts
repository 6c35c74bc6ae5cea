import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { ErrorCode } from '@eden/domain';
import { ERRORS } from '@eden/domain';
import { z } from 'zod';
import { STATUS_OF } from '../error-handler.js';
import type { Description, Operation } from '../http/operation.js';
import { takesIdempotencyKey } from '../http/operation.js';
import type { PathParameterName } from '../http/path-parameters.js';
import { parametersOf, pathSchema } from '../http/path-parameters.js';
import { errorSchema } from '../schemas/envelope.js';
import { GUIDE_EXAMPLES } from './guide-examples.js';
import type { OperationExamples } from './guide-examples.js';

/** Everything that is generated: the paths, from the declarations that also route and validate. */
export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const BASE_PATH = '/api/v1';

const HEADERS: Readonly<Record<string, z.ZodType>> = {
  Prefer: z.string().optional().describe('respond-async, or wait=N in seconds (RFC 7240)'),
  'X-Eden-Verbose': z.string().optional().describe('Exactly true: the verbose form'),
  'X-Org-Id': z.string().optional().describe('The organization, when it is not in the body'),
  'Last-Event-ID': z.string().optional().describe('Of a stream: only events behind this one'),
  'Idempotency-Key': z
    .string()
    .max(200)
    .optional()
    .describe('The same key and body within 24 h gives the first answer again'),
};

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  basic: { type: 'http', scheme: 'basic' },
  organizationToken: { type: 'http', scheme: 'bearer', description: 'The NEW_ORG_TOKEN of the installation' },
} as const;

const NOT_FOUND: Readonly<Record<PathParameterName, ErrorCode>> = {
  endpoint: 'ENDPOINT_NOT_FOUND',
  template: 'TEMPLATE_NOT_FOUND',
  api: 'API_NOT_FOUND',
  migration: 'MIGRATION_NOT_FOUND',
  run: 'RUN_NOT_FOUND',
  user: 'USER_NOT_FOUND',
  source: 'SOURCE_NOT_FOUND',
  path: 'SOURCE_FILE_NOT_FOUND',
};

const OF_BODIES: readonly ErrorCode[] = ['VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const OF_SUBJECTS: readonly ErrorCode[] = ['AUTHENTICATION_REQUIRED', 'INSUFFICIENT_PERMISSIONS'];
const OF_KEYS: readonly ErrorCode[] = ['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_IN_USE'];

function errorsOf({ description, level }: Operation): readonly ErrorCode[] {
  const { body, path, errors = [] } = description;
  const codes: readonly ErrorCode[] = [
    ...(body === undefined ? [] : OF_BODIES),
    ...(level === null ? [] : OF_SUBJECTS),
    ...(takesIdempotencyKey(description) ? OF_KEYS : []),
    ...parametersOf(path).map((name) => NOT_FOUND[name]),
    ...errors,
    'SERVICE_UNAVAILABLE',
  ];
  return [...new Set(codes)];
}

type Examples = NonNullable<OperationExamples['body']>;

function json(schema: z.ZodType, examples: Examples = {}) {
  const named = Object.entries(examples).map(([name, value]) => [name, { value }] as const);
  return {
    content: { 'application/json': { schema, ...(named.length === 0 ? {} : { examples: Object.fromEntries(named) }) } },
  };
}

function examplesOf({ method, path }: Description): OperationExamples {
  return GUIDE_EXAMPLES[`${method} ${path}`] ?? {};
}

function errorResponses(operation: Operation): RouteConfig['responses'] {
  const codes = errorsOf(operation);
  const { errors: examples = {} } = examplesOf(operation.description);
  const statuses = [...new Set(codes.map((code) => STATUS_OF[code]))];
  const responses = statuses.map((status) => {
    const causes = codes.filter((code) => STATUS_OF[code] === status);
    const description = causes.map((code) => `${code}: ${ERRORS[code].sentence}`).join('; ');
    return [status, { description, ...json(errorSchema, examples[status]) }] as const;
  });
  return Object.fromEntries(responses);
}

function successResponses(description: Description): RouteConfig['responses'] {
  const { status = 200, result, acceptedResult, events } = description;
  const { content } = json(result, examplesOf(description).result);
  const stream = events === undefined ? {} : { 'text/event-stream': { schema: events } };
  return {
    [status]: { description: 'Done', content: { ...content, ...stream } },
    ...(events === undefined ? {} : { 204: { description: 'The run has ended, and there are no further events' } }),
    ...(acceptedResult === undefined
      ? {}
      : { 202: { description: 'Accepted; Location names the run', ...json(acceptedResult) } }),
  };
}

function headersOf(description: Description): z.ZodObject | undefined {
  const names = [...(description.headers ?? []), ...(takesIdempotencyKey(description) ? ['Idempotency-Key'] : [])];
  if (names.length === 0) return undefined;
  return z.object(Object.fromEntries(names.map((name) => [name, HEADERS[name] ?? z.string()])));
}

function requestOf(description: Description): NonNullable<RouteConfig['request']> {
  const { path, query, body } = description;
  const headers = headersOf(description);
  return {
    ...(parametersOf(path).length === 0 ? {} : { params: pathSchema(path) }),
    ...(query instanceof z.ZodObject ? { query } : {}),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body: bodyOf(description, body) }),
  };
}

function bodyOf(description: Description, body: z.ZodType) {
  const { content } = json(body, examplesOf(description).body);
  const { upload } = description;
  if (upload === undefined) return { content };
  const part = z.string().describe('The same body as JSON, without its files');
  const files = z
    .array(z.string().meta({ format: 'binary' }))
    .describe('One part for each file; its filename is the path');
  return { content: { ...content, 'multipart/form-data': { schema: z.object({ [upload]: part, files }) } } };
}

function routeOf(operation: Operation): RouteConfig {
  const { description } = operation;
  const { method, path, tag, summary } = description;
  const scheme = operation.level === null ? operation.credentials : 'bearer';
  return {
    method,
    path: `${BASE_PATH}${path}`,
    tags: [tag],
    summary,
    ...(operation.level === null ? {} : { description: `Level ${operation.level}` }),
    security: [{ [scheme]: [] }],
    request: requestOf(description),
    responses: { ...successResponses(description), ...errorResponses(operation) },
  };
}

/** The OpenAPI 3.1 document of the operations. */
export function openApiDocument(operations: readonly Operation[]): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    registry.registerComponent('securitySchemes', name, scheme);
  }
  for (const operation of operations) registry.registerPath(routeOf(operation));
  const generator = new OpenApiGeneratorV31(registry.definitions, { sortComponents: 'alphabetically' });
  return generator.generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Eden Migrations',
      version: '1',
      description: 'One migration over many databases that commits everywhere or nowhere.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
  });
}
