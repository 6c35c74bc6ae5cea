import type {
  BatchSpec,
  Binding,
  Endpoint,
  MigrationOptions,
  Template,
  TemplateBody,
  TemplateSettings,
  Uuid,
} from '@eden/domain';
import type { Statement } from '../control/steps.js';
import { calendarOf } from '../schedule/calendar.js';
import type { TargetStatement } from '../targets/statements.js';
import { endpointOfFolder } from './folders.js';
import type { PlannedApi, SimulationPlan } from './plan.js';
import { seedFolder } from './seed-folder.js';
import {
  apiUuid,
  endpointUuid,
  membershipUuid,
  migrationUuid,
  ORGANIZATION,
  outsideTemplate,
  readTemplate,
  stepTemplate,
  VALUES,
  writeTemplate,
} from './uuids.js';

const BORN = calendarOf(0);
/** Endpoint of the standby of the first database. */
const STANDBYS = 12;

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

/** Where an execution of the API reads. */
export function readingEndpointsOf(plan: SimulationPlan, planned: PlannedApi): readonly ReadingEndpoint[] {
  const own = endpointsOf(plan, planned).map((endpoint) => ({ endpoint, isElsewhere: false }));
  const databases = own.map(({ endpoint }) => databaseOf(endpoint));
  if (planned.reads === 'standby') {
    // A copy has no standby.
    const isOfCopy = (endpoint: number): boolean => endpoint === 2 * plan.clone + 1;
    return own.map(({ endpoint, isElsewhere }) => ({
      endpoint: isOfCopy(endpoint) ? endpoint : standbyEndpoint(databaseOf(endpoint)),
      isElsewhere,
    }));
  }
  const other = Array.from({ length: plan.databases }, (_, number) => number).find((each) => !databases.includes(each));
  if (other === undefined || planned.reads === undefined || planned.reads === 'own') return own;
  const elsewhere = { endpoint: 2 * other, isElsewhere: true };
  return planned.reads === 'elsewhere' ? [elsewhere] : [...own, elsewhere];
}

interface ReadingEndpoint {
  readonly endpoint: number;
  /** Nothing is changed there for the API. */
  readonly isElsewhere: boolean;
}

export const addressOf = (endpoint: number): string => `address-${endpoint}`;
export const standbyEndpoint = (database: number): number => STANDBYS + database;

function endpointRow(number: number): Endpoint {
  return {
    uuid: endpointUuid(number),
    organizationUuid: ORGANIZATION,
    id: `endpoint-${number}`,
    kind: 'Postgres',
    description: null,
    config: { address: addressOf(number) },
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
  readonly body: TemplateBody;
  readonly settings?: TemplateSettings;
}

function templateRow({ uuid, endpoint, kind, body, settings = {} }: TemplateText): Template {
  return {
    uuid,
    id: `template-${uuid.slice(-6)}`,
    description: null,
    endpointKind: 'Postgres',
    endpointUuid: endpointUuid(endpoint),
    kind,
    body,
    settings,
    version: 1,
    createdAt: BORN,
    updatedAt: BORN,
  };
}

/** The text of a template. */
export function say(statement: object): { readonly query: string } {
  return { query: JSON.stringify(statement) };
}

export function readStatement(api: number, expects: number, revision: number, elsewhere = false): TargetStatement {
  return { op: 'read', api: apiUuid(api), expects, revision, ...(elsewhere ? { elsewhere } : {}) };
}

/** With the run's uuid and the binding's name as parameters; `by` -1 undoes it. */
export function stepStatement(api: number, endpoint: number, { by, binding, revision = 1 }: Step): object {
  const at = `address-${endpoint}`;
  return { op: 'step', api: apiUuid(api), by, run: '{{run}}', binding: `${api}/${binding}`, at, revision };
}

interface Step {
  readonly by: number;
  readonly binding: number;
  readonly revision?: number;
}

/** What a step outside the transaction does, and what takes it back. */
export interface OutsideTexts {
  readonly body: { readonly query: string; readonly batch?: BatchSpec };
  readonly rollback: { readonly query: string };
}

/** @param isBroken It fails whenever it is tried. */
export function outsideTexts(
  { steps }: SimulationPlan,
  { api, endpoint, binding }: { readonly api: number; readonly endpoint: number; readonly binding: number },
  isBroken = false,
): OutsideTexts {
  const name = { run: '{{run}}', binding: `${api}/outside ${binding}`, at: `address-${endpoint}` };
  if (steps?.batches?.step !== binding) {
    const body = say(isBroken ? { op: 'fail' } : { op: 'outside', by: 1, ...name });
    return { body, rollback: say({ op: 'outside', by: -1, ...name }) };
  }
  const { rows, size } = steps.batches;
  const batched = { op: 'batch', ...name, rows, after: '{{batch.after}}', size: '{{batch.size}}' };
  const body = { ...say(isBroken ? { op: 'fail' } : batched), batch: { size, commit: 'each' } as const };
  return { body, rollback: say({ op: 'unbatch', ...name }) };
}

function templatesOf(plan: SimulationPlan, api: number, endpoint: number): readonly Template[] {
  const { bindings } = plannedApi(plan, api);
  const steps = Array.from({ length: bindings }, (_, binding): TemplateText => {
    const rollback = say(stepStatement(api, endpoint, { by: -1, binding }));
    const body = say(stepStatement(api, endpoint, { by: 1, binding }));
    return { uuid: stepTemplate(api, endpoint, binding), endpoint, kind: 'Write', body, settings: { rollback } };
  });
  return steps.map(templateRow);
}

const VALUE_LIST = Array.from({ length: VALUES }, (_, value) => value);

/** Of an API's executions. */
function readingTemplatesOf(plan: SimulationPlan, api: number): readonly Template[] {
  const planned = plannedApi(plan, api);
  const places = readingEndpointsOf(plan, planned);
  const reads = places.flatMap(({ endpoint, isElsewhere }) =>
    VALUE_LIST.map((value): TemplateText => {
      const body = say(readStatement(api, value, 1, isElsewhere));
      return { uuid: readTemplate(api, endpoint, value), endpoint, kind: 'Read', body };
    }),
  );
  const writes = writingEndpointsOf(plan, planned).flatMap((endpoint) =>
    VALUE_LIST.map((value): TemplateText => {
      const body = say({ op: 'write', api: apiUuid(api), expects: value });
      return { uuid: writeTemplate(api, endpoint, value), endpoint, kind: 'Write', body };
    }),
  );
  return [...reads, ...writes].map(templateRow);
}

/** A standby takes no writes. */
function writingEndpointsOf(plan: SimulationPlan, planned: PlannedApi): readonly number[] {
  const isWriting = planned.writes && planned.reads !== 'standby' && planned.reads !== 'elsewhere';
  return isWriting ? endpointsOf(plan, planned) : [];
}

/** Steps outside come first of all that their migration does, or last. */
function outsideNumbersOf(plan: SimulationPlan, api: number, phase: 'before' | 'after'): readonly number[] {
  const { steps } = plan;
  if (steps === undefined || plannedApi(plan, api).migration !== steps.migration) return [];
  const ordered = plan.apis.flatMap(({ migration, stage }, number) =>
    migration === steps.migration ? [{ number, stage }] : [],
  );
  ordered.sort((a, b) => a.stage - b.stage || a.number - b.number);
  if (phase === 'before') return ordered[0]?.number === api ? count(0, steps.before) : [];
  return ordered.at(-1)?.number === api ? count(steps.before, steps.after) : [];
}

function count(from: number, length: number): readonly number[] {
  return Array.from({ length }, (_, index) => from + index);
}

export function outsideStepsOf(plan: SimulationPlan, api: number): readonly number[] {
  return [...outsideNumbersOf(plan, api, 'before'), ...outsideNumbersOf(plan, api, 'after')];
}

function outsideTemplatesOf(plan: SimulationPlan, api: number): readonly Template[] {
  const [endpoint] = endpointsOf(plan, plannedApi(plan, api));
  if (endpoint === undefined) return [];
  const areIrreversible = plan.steps?.areIrreversible === true;
  return outsideStepsOf(plan, api).map((binding) => {
    const { body, rollback } = outsideTexts(plan, { api, endpoint, binding });
    const settings = { transactional: false, ...(areIrreversible ? {} : { rollback }) };
    return templateRow({ uuid: outsideTemplate(api, endpoint, binding), endpoint, kind: 'Write', body, settings });
  });
}

/** What an API does when its counter has that value in each of its databases. */
export function definitionFor(plan: SimulationPlan, api: number, value: number): readonly Binding[] {
  const planned = plannedApi(plan, api);
  const reads = readingEndpointsOf(plan, planned).map(({ endpoint }) => readTemplate(api, endpoint, value));
  const writes = writingEndpointsOf(plan, planned).map((endpoint) => writeTemplate(api, endpoint, value));
  return [...reads, ...writes].map((templateUuid) => ({ templateUuid, fields: {} }));
}

/** What its migration does for it: as many steps in each database, so that all counters stay equal. */
export function migrationBindings(plan: SimulationPlan, api: number): readonly Binding[] {
  const planned = plannedApi(plan, api);
  const fields = { run: 'migration.run_uuid' };
  const endpoints = endpointsOf(plan, planned);
  const inside = endpoints.flatMap((endpoint) =>
    Array.from({ length: planned.bindings }, (_, binding) => stepTemplate(api, endpoint, binding)),
  );
  const outside = (phase: 'before' | 'after'): readonly Uuid[] =>
    outsideNumbersOf(plan, api, phase).map((number) => outsideTemplate(api, endpoints[0] ?? 0, number));
  const all = [...outside('before'), ...inside, ...outside('after')];
  return all.map((templateUuid) => ({ templateUuid, fields }));
}

export function plannedApi({ apis }: SimulationPlan, number: number): PlannedApi {
  const api = apis[number];
  if (api === undefined) throw new RangeError('an API that is not planned');
  return api;
}

export function allEndpointsOf(plan: SimulationPlan): readonly number[] {
  const reading = plan.apis.flatMap((api) => readingEndpointsOf(plan, api).map(({ endpoint }) => endpoint));
  const ofFolders = (plan.folders ?? []).map((folder) => endpointOfFolder(plan, folder));
  return [...new Set([...plan.apis.flatMap((api) => endpointsOf(plan, api)), ...reading, ...ofFolders])];
}

/** The rows that are there when a schedule begins: everything but syncs and runs. */
export function seedCatalog(at: Statement, plan: SimulationPlan): void {
  const { tx } = at;
  for (const number of allEndpointsOf(plan)) tx.put('endpoints', endpointUuid(number), endpointRow(number));
  for (const number of [0, 1]) tx.put('migrations', migrationUuid(number), migrationRow(plan, number));
  for (const number of (plan.folders ?? []).keys()) seedFolder(at, plan, number);
  plan.apis.forEach((planned, api) => {
    const ofMigration = endpointsOf(plan, planned).flatMap((endpoint) => templatesOf(plan, api, endpoint));
    const all = [...ofMigration, ...readingTemplatesOf(plan, api), ...outsideTemplatesOf(plan, api)];
    for (const row of all) tx.put('templates', row.uuid, row);
    const uuid = apiUuid(api);
    const definition = { fields: [], bindings: definitionFor(plan, api, 0) };
    const named = { uuid, id: `api-${api}`, description: null, createdAt: BORN, updatedAt: BORN };
    tx.put('apis', uuid, { ...named, ...definition, managed: false, schemaVersion: 1, gates: [], untouchedOn: '1' });
    if (planned.joinsLate !== true) tx.put('memberships', membershipUuid(api), membershipRow(plan, api));
  });
}

function membershipRow(plan: SimulationPlan, api: number) {
  const { stage, migration, bindings } = plannedApi(plan, api);
  return {
    uuid: membershipUuid(api),
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

function optionsOf({ steps, folders = [] }: SimulationPlan, migration: number): MigrationOptions {
  const isOutside = folders.some((folder) => folder.migration === migration && (folder.outside ?? 0) > 0);
  const hasSteps = steps !== undefined && steps.migration === migration && steps.before + steps.after > 0;
  if (!hasSteps && !isOutside) return {};
  const most = hasSteps ? (steps.batches?.rowsPerSecond ?? null) : null;
  return { atomicity: 'best', ...(most === null ? {} : { backfill: { max_rows_per_second: most } }) };
}

function migrationRow(plan: SimulationPlan, number: number) {
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
    approval: null,
    parameters: {},
    options: optionsOf(plan, number),
    labels: {},
    notes: null,
    createdBy: 'ann',
    createdAt: BORN,
    updatedAt: BORN,
    isDeleted: false,
  } as const;
}
