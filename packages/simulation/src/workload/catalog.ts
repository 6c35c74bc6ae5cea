import type { Binding, Endpoint, Template, TemplateSettings, Uuid } from '@eden/domain';
import { asUuid } from '@eden/domain';
import type { Statement } from '../control/steps.js';
import { calendarOf } from '../schedule/calendar.js';
import type { TargetStatement } from '../targets/statements.js';
import type { PlannedApi, SimulationPlan } from './plan.js';

/** Uuids that say what they are of, the same in every schedule. */
export function uuidOf(kind: number, number: number): Uuid {
  return asUuid(`${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`);
}

export const ORGANIZATION = uuidOf(0, 1);
const [ENDPOINT, TEMPLATE, API, MIGRATION, MEMBERSHIP] = [1, 2, 3, 4, 5];
const BORN = calendarOf(0);
/** Values of a counter that read templates are made for. */
const VALUES = 4;

export const endpointUuid = (number: number): Uuid => uuidOf(ENDPOINT, number);
export const apiUuid = (number: number): Uuid => uuidOf(API, number);
export const migrationUuid = (number: number): Uuid => uuidOf(MIGRATION, number);
const EACH_API = 256;
const EACH_ENDPOINT = 16;
const slot = (api: number, endpoint: number): number => api * EACH_API + endpoint * EACH_ENDPOINT;
export const readTemplate = (api: number, endpoint: number, value: number): Uuid =>
  uuidOf(TEMPLATE, slot(api, endpoint) + value);
export const stepTemplate = (api: number, endpoint: number, binding: number): Uuid =>
  uuidOf(TEMPLATE, slot(api, endpoint) + 8 + binding);
const writeTemplate = (api: number, endpoint: number, value: number): Uuid =>
  uuidOf(TEMPLATE, slot(api, endpoint) + 4 + value);

/** Endpoint `2n` leads to the database n, and so does `2n + 1` where it is there. */
const databaseOf = (endpoint: number): number => endpoint >> 1;

/** The endpoints that an API uses, one for each of its databases, of those that the plan has. */
export function endpointsOf(plan: SimulationPlan, { endpoints }: PlannedApi): readonly number[] {
  const byDatabase = new Map<number, number>();
  for (const wished of endpoints) {
    const database = databaseOf(wished) % plan.databases;
    const isSecond = wished % 2 === 1 && plan.doubled[database] === true;
    if (!byDatabase.has(database)) byDatabase.set(database, 2 * database + (isSecond ? 1 : 0));
  }
  return [...byDatabase.values()];
}

function endpointRow(number: number): Endpoint {
  return {
    uuid: endpointUuid(number),
    id: `endpoint-${number}`,
    kind: 'Postgres',
    description: null,
    config: { address: `address-${number}` },
    version: 1,
    database: null,
    createdAt: BORN,
    updatedAt: BORN,
  };
}

interface TemplateText {
  readonly uuid: Uuid;
  readonly endpoint: number;
  readonly kind: 'Read' | 'Write';
  readonly statement: object;
  readonly settings?: TemplateSettings;
}

function templateRow({ uuid, endpoint, kind, statement, settings = {} }: TemplateText): Template {
  return {
    uuid,
    id: `template-${uuid.slice(-6)}`,
    description: null,
    endpointKind: 'Postgres',
    endpointUuid: endpointUuid(endpoint),
    kind,
    body: { query: JSON.stringify(statement) },
    settings,
    version: 1,
    createdAt: BORN,
    updatedAt: BORN,
  };
}

export function readStatement(api: number, expects: number, revision: number): TargetStatement {
  return { op: 'read', api: apiUuid(api), expects, revision };
}

/** With the run's uuid and the binding's name as parameters; `by` -1 undoes it. */
export function stepStatement(api: number, endpoint: number, by: number, binding: number): object {
  const at = `address-${endpoint}`;
  return { op: 'step', api: apiUuid(api), by, run: '{{run}}', binding: `${api}/${binding}`, at };
}

function templatesOf(api: number, endpoint: number, { bindings, writes }: PlannedApi): readonly Template[] {
  const values = Array.from({ length: VALUES }, (_, value) => value);
  const reads = values.map((value): TemplateText => {
    const statement = readStatement(api, value, 1);
    return { uuid: readTemplate(api, endpoint, value), endpoint, kind: 'Read', statement };
  });
  const steps = Array.from({ length: bindings }, (_, binding): TemplateText => {
    const rollback = { query: JSON.stringify(stepStatement(api, endpoint, -1, binding)) };
    const statement = stepStatement(api, endpoint, 1, binding);
    return { uuid: stepTemplate(api, endpoint, binding), endpoint, kind: 'Write', statement, settings: { rollback } };
  });
  const written = writes
    ? values.map((value): TemplateText => {
        const statement = { op: 'write', api: apiUuid(api), expects: value };
        return { uuid: writeTemplate(api, endpoint, value), endpoint, kind: 'Write', statement };
      })
    : [];
  return [...reads, ...steps, ...written].map(templateRow);
}

/** What an API does when its counter has that value in each of its databases. */
export function definitionFor(plan: SimulationPlan, api: number, value: number): readonly Binding[] {
  const planned = plannedApi(plan, api);
  return endpointsOf(plan, planned).flatMap((endpoint) => [
    { templateUuid: readTemplate(api, endpoint, value), fields: {} },
    ...(planned.writes ? [{ templateUuid: writeTemplate(api, endpoint, value), fields: {} }] : []),
  ]);
}

/** What its migration does for it: as many steps in each database, so that all counters stay equal. */
export function migrationBindings(plan: SimulationPlan, api: number): readonly Binding[] {
  const planned = plannedApi(plan, api);
  const fields = { run: 'migration.run_uuid' };
  return endpointsOf(plan, planned).flatMap((endpoint) =>
    Array.from({ length: planned.bindings }, (_, binding) => ({
      templateUuid: stepTemplate(api, endpoint, binding),
      fields,
    })),
  );
}

export function plannedApi({ apis }: SimulationPlan, number: number): PlannedApi {
  const api = apis[number];
  if (api === undefined) throw new RangeError('an API that is not planned');
  return api;
}

/** The rows that are there when a schedule begins: everything but syncs and runs. */
export function seedCatalog({ tx }: Statement, plan: SimulationPlan): void {
  const endpoints = new Set(plan.apis.flatMap((api) => endpointsOf(plan, api)));
  for (const number of endpoints) tx.put('endpoints', endpointUuid(number), endpointRow(number));
  for (const number of [0, 1]) tx.put('migrations', migrationUuid(number), migrationRow(number));
  plan.apis.forEach((planned, api) => {
    for (const endpoint of endpointsOf(plan, planned)) {
      for (const row of templatesOf(api, endpoint, planned)) tx.put('templates', row.uuid, row);
    }
    const uuid = apiUuid(api);
    const definition = { fields: [], bindings: definitionFor(plan, api, 0) };
    const named = { uuid, id: `api-${api}`, description: null, createdAt: BORN, updatedAt: BORN };
    tx.put('apis', uuid, { ...named, ...definition, managed: false, schemaVersion: 1, gates: [] });
    tx.put('memberships', uuidOf(MEMBERSHIP, api), membershipRow(plan, api));
  });
}

function membershipRow(plan: SimulationPlan, api: number) {
  const { stage, migration, bindings } = plannedApi(plan, api);
  return {
    uuid: uuidOf(MEMBERSHIP, api),
    migrationUuid: migrationUuid(migration),
    apiUuid: apiUuid(api),
    active: true,
    synced: false,
    stage,
    position: api,
    bindings: migrationBindings(plan, api),
    next: { bindings: definitionFor(plan, api, bindings) },
    previous: null,
    committedSchemaVersion: null,
    order: api,
  };
}

function migrationRow(number: number) {
  return {
    uuid: migrationUuid(number),
    organizationUuid: ORGANIZATION,
    id: `migration-${number}`,
    description: null,
    state: 'Pending',
    epoch: 0,
    revision: 1,
    plan: null,
    planHash: null,
    atomicity: null,
    parameters: {},
    options: {},
    createdBy: 'ann',
    createdAt: BORN,
    updatedAt: BORN,
    isDeleted: false,
  } as const;
}
