import {
  answerOf,
  ApiError,
  pagesOf,
  type Api,
  type Connection,
  type Endpoint,
  type ListedMigration,
  type Template,
  type VerboseMigration,
} from '@eden/client';
import { newestFirst, positionIn } from './line.js';
import type { Actual, Desired } from './state.js';

const PAGE = 200;

/** What the service has of all that the file names. @throws ApiError, UnreachableError */
export async function readActual(connection: Connection, desired: Desired): Promise<Actual> {
  const [endpoints, templates, apis, releases] = await Promise.all([
    readAll(endpointIds(desired), (id) => readEndpoint(connection, id)),
    readAll(templateIds(desired), (id) => readTemplate(connection, id)),
    readAll(
      desired.apis.map(({ id }) => id),
      (id) => readApi(connection, id),
    ),
    readReleases(connection, desired),
  ]);
  const known = new Set(releases.map(({ uuid }) => uuid));
  const elsewhere = [...apis.values()].flatMap(({ migration }) => migration?.uuid ?? []);
  const others = await readAll(
    elsewhere.filter((uuid) => !known.has(uuid)),
    (uuid) => readMigration(connection, uuid),
  );
  return { endpoints, templates, apis, releases, others: [...others.values()] };
}

function endpointIds({ endpoints, templates }: Desired): string[] {
  return [...endpoints.map(({ id }) => id), ...templates.flatMap(({ template }) => template.endpoint ?? [])];
}

function templateIds({ templates, apis }: Desired): string[] {
  const bound = apis.flatMap(({ bindings, next }) => [...bindings, ...(next?.bindings ?? [])]);
  return [...templates.map(({ id }) => id), ...bound.map(({ template }) => template)];
}

/** Few at a time: an eden.yaml may name hundreds. */
const AT_ONCE = 8;

async function readAll<Item>(
  ids: readonly string[],
  read: (id: string) => Promise<Item | null>,
): Promise<Map<string, Item>> {
  const waiting = [...new Set(ids)];
  const found = new Map<string, Item>();
  const readOneAfterTheOther = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const item = await read(id);
      if (item !== null) found.set(id, item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readOneAfterTheOther));
  return found;
}

async function readReleases(connection: Connection, { line, id: named = line }: Desired): Promise<VerboseMigration[]> {
  const releases = await listNamed(connection, [line, named]);
  const ids = releases.map(({ id }) => id);
  return [...(await readAll(ids, (id) => readMigration(connection, id))).values()];
}

interface Asking {
  readonly signal?: AbortSignal | null;
}

/** The releases of a line, the newest first. */
export async function listReleases(
  connection: Connection,
  line: string,
  asking: Asking = {},
): Promise<ListedMigration[]> {
  return newestFirst(line, await listNamed(connection, [line], asking));
}

/** Whatever is called as the releases of a line with one of these names would be, in no order. */
export async function listNamed(
  connection: Connection,
  names: readonly string[],
  { signal = null }: Asking = {},
): Promise<ListedMigration[]> {
  const found: ListedMigration[] = [];
  const pages = pagesOf((cursor) =>
    answerOf(
      connection.GET('/api/v1/migrations', {
        params: { query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } },
        signal,
      }),
    ),
  );
  for await (const each of pages) if (names.some((name) => positionIn(name, each.id) !== null)) found.push(each);
  return found;
}

/** Null when it is not in the service. */
export async function readEndpoint(connection: Connection, endpoint: string): Promise<Endpoint | null> {
  return unlessMissing(answerOf(connection.GET('/api/v1/endpoints/{endpoint}', { params: { path: { endpoint } } })));
}

async function readTemplate(connection: Connection, template: string): Promise<Template | null> {
  return unlessMissing(answerOf(connection.GET('/api/v1/templates/{template}', { params: { path: { template } } })));
}

async function readApi(connection: Connection, api: string): Promise<Api | null> {
  return unlessMissing(answerOf(connection.GET('/api/v1/apis/{api}', { params: { path: { api } } })));
}

/** With its APIs. */
async function readMigration(connection: Connection, migration: string): Promise<VerboseMigration | null> {
  const answer = answerOf(
    connection.GET('/api/v1/migrations/{migration}', {
      params: { path: { migration }, header: { 'X-Eden-Verbose': 'true' } },
    }),
  );
  return (await unlessMissing(answer)) as VerboseMigration | null;
}

async function unlessMissing<Data>(answer: Promise<{ readonly data: Data }>): Promise<Data | null> {
  try {
    return (await answer).data;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
