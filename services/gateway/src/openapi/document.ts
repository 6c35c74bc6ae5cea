import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { ErrorCode } from '@eden/domain';
import { ERRORS } from '@eden/domain';
import { z } from 'zod';
import { STATUS_OF } from '../error-handler.js';
import type { Description, Operation } from '../http/operation.js';
import { LINES_TYPE } from '../http/lines.js';
import { takesIdempotencyKey } from '../http/operation.js';
import { SESSION_COOKIE } from '../identity/sessions/cookies.js';
import type { UploadForm } from '../http/upload.js';
import type { PathParameterName } from '../http/path-parameters.js';
import { parametersOf, pathSchema } from '../http/path-parameters.js';
import type { OpenPermission, SubjectPermission } from '../permissions.js';
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
  'X-Eden-Csrf': z.string().describe('Exactly 1: shows that no other site has sent the request'),
  'X-Eden-Signature': z
    .string()
    .describe(
      't=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body" with the secret of the hook>; several v1 may stand in it',
    ),
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
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'eden_…',
    description: "A robot's key; its scopes narrow it",
  },
  organizationToken: { type: 'http', scheme: 'bearer', description: 'The NEW_ORG_TOKEN of the installation' },
  session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
  signature: { type: 'apiKey', in: 'header', name: 'X-Eden-Signature' },
  ticket: { type: 'apiKey', in: 'query', name: 'ticket', description: 'Of a deploy hook; or a bearer token' },
} as const;

const NOT_FOUND: Readonly<Record<PathParameterName, ErrorCode>> = {
  endpoint: 'ENDPOINT_NOT_FOUND',
  template: 'TEMPLATE_NOT_FOUND',
  api: 'API_NOT_FOUND',
  migration: 'MIGRATION_NOT_FOUND',
  run: 'RUN_NOT_FOUND',
  user: 'USER_NOT_FOUND',
  revocation: 'REVOCATION_NOT_FOUND',
  robot: 'ROBOT_NOT_FOUND',
  subject: 'USER_NOT_FOUND',
  source: 'SOURCE_NOT_FOUND',
  hook: 'HOOK_NOT_FOUND',
  webhook: 'WEBHOOK_NOT_FOUND',
  delivery: 'DELIVERY_NOT_FOUND',
  path: 'SOURCE_FILE_NOT_FOUND',
};

const OF_BODIES: readonly ErrorCode[] = ['VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const OF_SUBJECTS: readonly ErrorCode[] = ['AUTHENTICATION_REQUIRED', 'INSUFFICIENT_PERMISSIONS', 'RATE_LIMITED'];
const OF_KEYS: readonly ErrorCode[] = ['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_IN_USE'];

function errorsOf({ description, kind }: Operation): readonly ErrorCode[] {
  const { body, path, errors = [] } = description;
  const codes: readonly ErrorCode[] = [
    ...(body === undefined ? [] : OF_BODIES),
    ...(kind === 'public' ? [] : OF_SUBJECTS),
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

const ACCEPTED = { question: 'Not yet: ask again', action: 'Accepted; Location names the run' } as const;

function successResponses(description: Description): RouteConfig['responses'] {
  const { method, status = 200, result, acceptedResult, events, lines, text } = description;
  const { content } = json(result, examplesOf(description).result);
  const stream = {
    ...(events === undefined ? {} : { 'text/event-stream': { schema: events } }),
    ...(lines === undefined ? {} : { [LINES_TYPE]: { schema: lines } }),
    ...(text === undefined ? {} : { 'text/plain': { schema: z.string().describe(text) } }),
  };
  return {
    [status]: { description: 'Done', content: { ...content, ...stream } },
    ...(events === undefined ? {} : { 204: { description: 'The run has ended, and there are no further events' } }),
    ...(acceptedResult === undefined
      ? {}
      : { 202: { description: ACCEPTED[method === 'get' ? 'question' : 'action'], ...json(acceptedResult) } }),
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
  const form = z.object({ ...bodyParts(upload), ...fileParts(upload) });
  return { content: { ...content, 'multipart/form-data': { schema: form } } };
}

function bodyParts({ part, alias }: UploadForm): Record<string, z.ZodType> {
  const body = z.string().describe('The same body as JSON, without its files');
  if (alias === undefined) return { [part]: body };
  return { [part]: body.optional(), [alias]: z.string().optional().describe(`Another name of "${part}"`) };
}

/** What becomes part of the body comes once. */
function fileParts({ files, merge }: UploadForm): Record<string, z.ZodType> {
  const binary = z.string().meta({ format: 'binary' });
  const parts = Object.entries(files).map(([name, is]) => {
    const isMany = merge === undefined && name.startsWith('files');
    return [name, isMany ? z.array(binary).describe(is) : binary.optional().describe(is)];
  });
  return Object.fromEntries(parts) as Record<string, z.ZodType>;
}

const OVERRIDDEN_BY: Readonly<Record<SubjectPermission['grant'], string>> = {
  endpoint: ', or that of a grant on the endpoint',
  template: ', or that of a grant on the template',
  api: ', or that of a grant on the API',
  migration: ', or that of a grant on the migration',
  run: ', or that of a grant on the migration of the run',
  listed: '; grants decide what is in the list',
  everything: ', and no grant that keeps the caller from anything',
  none: '',
};

function describePermission({ level, scopes, grant, byDefinition }: SubjectPermission): string {
  const more = byDefinition === undefined ? '' : ' (Write where a template writes, Admin where it has raw text)';
  const keys = scopes.length === 0 ? 'No API keys' : `API keys with the scope ${scopes.join(' or ')}`;
  return `Level ${level}${more}${OVERRIDDEN_BY[grant]}. ${keys}.`;
}

/** Who has no ticket comes with a token or a key. */
function schemesOf(credentials: OpenPermission['credentials']): Record<string, string[]>[] {
  if (credentials === 'none') return [];
  return [{ [credentials]: [] }, ...(credentials === 'ticket' ? [{ bearer: [] }, { apiKey: ['gate'] }] : [])];
}

/** A token, or a key with any one of the scopes; and the row of the permission table itself. */
function permissionFields(operation: Operation): Pick<RouteConfig, 'description' | 'security'> {
  if (operation.kind === 'public') return { security: schemesOf(operation.permission.credentials) };
  const fields = {
    description: describePermission(operation.permission),
    security: [{ bearer: [] }, ...operation.permission.scopes.map((scope) => ({ apiKey: [scope] }))],
    'x-permission': operation.permission,
  };
  return fields;
}

function routeOf(operation: Operation): RouteConfig {
  const { description } = operation;
  const { method, path, tag, summary } = description;
  return {
    method,
    path: `${BASE_PATH}${path}`,
    tags: [tag],
    summary,
    ...permissionFields(operation),
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
