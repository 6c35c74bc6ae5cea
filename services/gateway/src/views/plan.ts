import type {
  Migration,
  Plan,
  PlannedAfter,
  PlannedApi,
  PlannedBinding,
  PlannedDatabase,
  Rehearsal,
  RehearsedBinding,
} from '@eden/domain';
import type { z } from 'zod';
import type { planSchema } from '../schemas/plan.js';

type PlanView = z.output<typeof planSchema>;
type PlanApiView = PlanView['apis'][number];

function viewBinding(binding: PlannedBinding): PlanApiView['bindings'][number] {
  return {
    template: binding.template,
    template_id: binding.template === null ? null : binding.templateId,
    ...binding.file,
    endpoint: binding.endpoint,
    endpoint_id: binding.endpointId,
    statements: [...binding.statements],
    fields: binding.fields,
    class: binding.class,
    findings: [...binding.findings],
    ...(binding.silenced === undefined ? {} : { silenced: [...binding.silenced] }),
    estimated_rows: binding.estimatedRows,
    ...(binding.rehearsed === undefined ? {} : { rehearsed: viewRehearsed(binding.rehearsed) }),
    ...(binding.outside === undefined ? {} : { outside: binding.outside }),
    ...(binding.after === undefined ? {} : { after: viewAfter(binding.after) }),
  };
}

function viewRehearsed({ rows, executionTimeMs }: RehearsedBinding) {
  return { rows, execution_time_ms: executionTimeMs };
}

function viewRehearsal({ at, gatesClosedMs, databases }: Rehearsal): NonNullable<PlanView['rehearsal']> {
  return {
    at,
    gates_closed_ms: gatesClosedMs,
    databases: databases.map(({ key, locks, walBytes, voteMs }) => ({
      key,
      locks: locks.map(({ heldMs, ...lock }) => ({ ...lock, held_ms: heldMs })),
      wal_bytes: walBytes,
      vote_ms: voteMs,
    })),
  };
}

function viewAfter({ file, type, value }: PlannedAfter) {
  return { file, type, value };
}

function viewApi({ api, apiId, stage, bindings, source }: PlannedApi): PlanApiView {
  const baseline = source === undefined ? {} : { baseline: [...source.baseline] };
  return { api, api_id: apiId, stage, bindings: bindings.map(viewBinding), ...baseline };
}

const PHASES = ['before', undefined, 'after'] as const;

/** In the order in which they run there: what stands outside the transaction runs before or after it. */
function viewSteps({ apis }: Plan, { endpoint, others = [] }: PlannedDatabase): PlanView['databases'][number]['steps'] {
  const ways = new Set([endpoint, ...others]);
  const steps = apis
    .toSorted((a, b) => a.stage - b.stage || a.position - b.position)
    .flatMap(({ api, bindings }) => bindings.map((planned, binding) => ({ api, planned, binding })))
    .filter(({ planned }) => ways.has(planned.endpoint));
  return PHASES.flatMap((phase) =>
    steps
      .filter(({ planned }) => planned.outside?.phase === phase)
      .map(({ api, planned: { file }, binding }) => ({ api, binding, ...(file && { file: file.file }) })),
  );
}

function viewDatabase(database: PlannedDatabase, plan: Plan): PlanView['databases'][number] {
  return {
    key: database.identity.key,
    database: database.identity.name,
    endpoint: database.endpoint,
    role: database.role,
    server_version: database.serverVersion,
    schema_fingerprint: database.schemaFingerprint,
    last_resource: database.class === 'last-resource',
    ...(database.reason === undefined ? {} : { reason: database.reason }),
    findings: [...(database.findings ?? [])],
    steps: viewSteps(plan, database),
  };
}

export function viewPlan(plan: Plan, migration: Pick<Migration, 'planHash'>): PlanView {
  return {
    hash: plan.hash,
    current: migration.planHash === plan.hash,
    atomicity: plan.atomicity,
    apis: plan.apis.map(viewApi),
    databases: plan.databases.map((database) => viewDatabase(database, plan)),
    later_parts: (plan.laterParts ?? []).map((part) => part.map(viewBinding)),
    ...(plan.findings === undefined ? {} : { findings: [...plan.findings] }),
    ...(plan.rehearsal === undefined ? {} : { rehearsal: viewRehearsal(plan.rehearsal) }),
    created_at: plan.createdAt,
  };
}
