import {
  answerOf,
  type Api,
  type Connection,
  type Endpoint,
  type Hook,
  type ListedMigration,
  type Page,
  type Robot,
  type RunSummary,
  type Template,
  type UploadFile,
  type User,
  type Webhook,
  withFiles,
} from '@eden/client';
import { readMigration } from '@eden/reconcile';
import type { View } from './render/output.js';
import {
  apiView,
  endpointView,
  hookView,
  migrationView,
  robotView,
  runView,
  templateView,
  userView,
  webhookView,
} from './render/views.js';

type JsonObject = Record<string, unknown>;
type Query = { readonly limit: number; readonly cursor?: string };

/** A kind of thing that the service has, and the routes to it. What a body holds is checked by the service. */
export interface Noun<Item> {
  readonly plural: string;
  readonly singular: string;
  /** What its name is called in a body. */
  readonly key: 'id' | 'username';
  readonly view: View<Item>;
  get(connection: Connection, name: string): Promise<{ data: Item }>;
  /** `of` is what the list is of: the migration of runs; without it, all of the organization. */
  list(connection: Connection, query: Query, of?: string): Promise<Page<Item>>;
  /** What `list` may be of. */
  readonly listOf?: string;
  /** Texts that may be sent beside a body, as they are: the parts of the form, by their options. */
  readonly texts?: Readonly<Record<string, string>>;
  create?(connection: Connection, body: JsonObject, texts: readonly UploadFile[]): Promise<unknown>;
  update?(connection: Connection, name: string, body: JsonObject, texts: readonly UploadFile[]): Promise<unknown>;
  delete?(connection: Connection, name: string): Promise<unknown>;
  /** What of the answer to `create` is told this once. */
  readonly secret?: string;
}

const endpoints: Noun<Endpoint> = {
  plural: 'endpoints',
  singular: 'endpoint',
  key: 'id',
  view: endpointView,
  get: (http, endpoint) => answerOf(http.GET('/api/v1/endpoints/{endpoint}', { params: { path: { endpoint } } })),
  list: (http, query) => answerOf(http.GET('/api/v1/endpoints', { params: { query } })),
  create: (http, body) => answerOf(http.POST('/api/v1/endpoints', { body: body as never })),
  update: (http, endpoint, body) =>
    answerOf(http.PATCH('/api/v1/endpoints/{endpoint}', { params: { path: { endpoint } }, body: body as never })),
  delete: (http, endpoint) => answerOf(http.DELETE('/api/v1/endpoints/{endpoint}', { params: { path: { endpoint } } })),
};

const templates: Noun<Template> = {
  plural: 'templates',
  singular: 'template',
  key: 'id',
  view: templateView,
  get: (http, template) => answerOf(http.GET('/api/v1/templates/{template}', { params: { path: { template } } })),
  list: (http, query) => answerOf(http.GET('/api/v1/templates', { params: { query } })),
  texts: { sql: 'query', rollbackSql: 'rollback' },
  create: (http, body, texts) => answerOf(http.POST('/api/v1/templates', { body: body as never, ...formOf(texts) })),
  update: (http, template, body, texts) => {
    const params = { path: { template } };
    return answerOf(http.PATCH('/api/v1/templates/{template}', { params, body: body as never, ...formOf(texts) }));
  },
  delete: (http, template) => answerOf(http.DELETE('/api/v1/templates/{template}', { params: { path: { template } } })),
};

/** A form where there are texts, else JSON. */
function formOf(texts: readonly UploadFile[]) {
  return texts.length === 0 ? {} : withFiles('template', texts);
}

const apis: Noun<Api> = {
  plural: 'apis',
  singular: 'api',
  key: 'id',
  view: apiView,
  get: (http, api) => answerOf(http.GET('/api/v1/apis/{api}', { params: { path: { api } } })),
  list: (http, query) => answerOf(http.GET('/api/v1/apis', { params: { query } })),
  create: (http, body) => answerOf(http.POST('/api/v1/apis', { body: body as never })),
  update: (http, api, body) =>
    answerOf(http.PATCH('/api/v1/apis/{api}', { params: { path: { api } }, body: body as never })),
  delete: (http, api) => answerOf(http.DELETE('/api/v1/apis/{api}', { params: { path: { api } } })),
};

const migrations: Noun<ListedMigration> = {
  plural: 'migrations',
  singular: 'migration',
  key: 'id',
  view: migrationView,
  get: async (http, migration) => ({ data: await readMigration(http, migration) }),
  list: (http, query) => answerOf(http.GET('/api/v1/migrations', { params: { query } })),
  create: (http, body) => answerOf(http.POST('/api/v1/migrations', { body: body as never })),
  update: (http, migration, body) =>
    answerOf(http.PATCH('/api/v1/migrations/{migration}', { params: { path: { migration } }, body: body as never })),
  delete: (http, migration) =>
    answerOf(http.DELETE('/api/v1/migrations/{migration}', { params: { path: { migration } } })),
};

const runs: Noun<RunSummary> = {
  plural: 'runs',
  singular: 'run',
  key: 'id',
  view: runView,
  get: (http, run) => answerOf(http.GET('/api/v1/runs/{run}', { params: { path: { run } } })),
  listOf: 'migration',
  list: (http, query, migration) =>
    migration === undefined
      ? answerOf(http.GET('/api/v1/runs', { params: { query } }))
      : answerOf(http.GET('/api/v1/migrations/{migration}/runs', { params: { path: { migration }, query } })),
  update: (http, run, body) =>
    answerOf(http.PATCH('/api/v1/runs/{run}', { params: { path: { run } }, body: body as never })),
};

const users: Noun<User> = {
  plural: 'users',
  singular: 'user',
  key: 'username',
  view: userView,
  get: (http, user) => answerOf(http.GET('/api/v1/iam/users/{user}', { params: { path: { user } } })),
  list: (http, query) => answerOf(http.GET('/api/v1/iam/users', { params: { query } })),
  create: (http, body) => answerOf(http.POST('/api/v1/iam/users', { body: body as never })),
  update: (http, user, body) =>
    answerOf(http.PATCH('/api/v1/iam/users/{user}', { params: { path: { user } }, body: body as never })),
  delete: (http, user) => answerOf(http.DELETE('/api/v1/iam/users/{user}', { params: { path: { user } } })),
};

const robots: Noun<Robot> = {
  plural: 'robots',
  singular: 'robot',
  key: 'username',
  view: robotView,
  get: (http, robot) => answerOf(http.GET('/api/v1/iam/robots/{robot}', { params: { path: { robot } } })),
  list: (http, query) => answerOf(http.GET('/api/v1/iam/robots', { params: { query } })),
  create: (http, body) => answerOf(http.POST('/api/v1/iam/robots', { body: body as never })),
  delete: (http, robot) => answerOf(http.DELETE('/api/v1/iam/robots/{robot}', { params: { path: { robot } } })),
  secret: 'api_key',
};

const hooks: Noun<Hook> = {
  plural: 'hooks',
  singular: 'hook',
  key: 'id',
  view: hookView,
  get: (http, hook) => answerOf(http.GET('/api/v1/iam/hooks/{hook}', { params: { path: { hook } } })),
  list: (http, query) => answerOf(http.GET('/api/v1/iam/hooks', { params: { query } })),
  delete: (http, hook) => answerOf(http.DELETE('/api/v1/iam/hooks/{hook}', { params: { path: { hook } } })),
};

const webhooks: Noun<Webhook> = {
  plural: 'webhooks',
  singular: 'webhook',
  key: 'id',
  view: webhookView,
  get: (http, webhook) => answerOf(http.GET('/api/v1/iam/webhooks/{webhook}', { params: { path: { webhook } } })),
  list: (http, query) => answerOf(http.GET('/api/v1/iam/webhooks', { params: { query } })),
  delete: (http, webhook) => answerOf(http.DELETE('/api/v1/iam/webhooks/{webhook}', { params: { path: { webhook } } })),
};

/** In the order of the help. */
export const NOUNS = [
  migrations,
  apis,
  templates,
  endpoints,
  runs,
  users,
  robots,
  hooks,
  webhooks,
] as readonly Noun<unknown>[];
