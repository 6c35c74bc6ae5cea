import {
  answerOf,
  type Api,
  type Connection,
  type Endpoint,
  type ListedMigration,
  type Page,
  type RunSummary,
  type Template,
  type User,
} from '@eden/client';
import type { View } from './render/output.js';
import { readMigration } from './runs.js';
import { apiView, endpointView, migrationView, runView, templateView, userView } from './render/views.js';

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
  /** `of` is what the list is of: the migration of runs. */
  list(connection: Connection, query: Query, of: string): Promise<Page<Item>>;
  /** What `list` is of, when it needs to be said. */
  readonly listOf?: string;
  create?(connection: Connection, body: JsonObject): Promise<unknown>;
  update?(connection: Connection, name: string, body: JsonObject): Promise<unknown>;
  delete?(connection: Connection, name: string): Promise<unknown>;
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
  create: (http, body) => answerOf(http.POST('/api/v1/templates', { body: body as never })),
  update: (http, template, body) =>
    answerOf(http.PATCH('/api/v1/templates/{template}', { params: { path: { template } }, body: body as never })),
  delete: (http, template) => answerOf(http.DELETE('/api/v1/templates/{template}', { params: { path: { template } } })),
};

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
    answerOf(http.GET('/api/v1/migrations/{migration}/runs', { params: { path: { migration }, query } })),
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

/** In the order of the help. */
export const NOUNS = [migrations, apis, templates, endpoints, runs, users] as readonly Noun<unknown>[];
