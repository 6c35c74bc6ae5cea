import type { Migration, Plan, PlannedApi, PlannedBinding, PlannedDatabase } from '@eden/domain';
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
    estimated_rows: binding.estimatedRows,
  };
}

function viewApi({ api, apiId, stage, bindings }: PlannedApi): PlanApiView {
  return { api, api_id: apiId, stage, bindings: bindings.map(viewBinding) };
}

function viewDatabase(database: PlannedDatabase): PlanView['databases'][number] {
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
  };
}

export function viewPlan(plan: Plan, migration: Pick<Migration, 'planHash'>): PlanView {
  return {
    hash: plan.hash,
    current: migration.planHash === plan.hash,
    atomicity: plan.atomicity,
    apis: plan.apis.map(viewApi),
    databases: plan.databases.map(viewDatabase),
    created_at: plan.createdAt,
  };
}
