import type { Approval, Migration, OrganizationReader, Run, Subject } from '@eden/domain';
import { approvalOf, hasLevel, levelOn } from '@eden/domain';
import type { z } from 'zod';
import type {
  approvalSchema,
  listedMigrationSchema,
  migrationSchema,
  verboseMigrationSchema,
} from '../schemas/migration.js';
import { actionsOnMigration } from './actions.js';
import { viewApi } from './api.js';
import { viewRun, viewListedRuns } from './run.js';

export type MigrationView = z.output<typeof migrationSchema>;
export type VerboseMigrationView = z.output<typeof verboseMigrationSchema>;

export type ListedMigrationView = z.output<typeof listedMigrationSchema>;

type Head = Pick<MigrationView, 'id' | 'uuid' | 'description' | 'state'>;
type Additions = Omit<MigrationView, keyof Head | 'api_uuids' | 'run'>;

function viewHead({ id, uuid, description, state }: Migration): Head {
  return { id, uuid, description, state };
}

/** Beside the guide's keys: the level of the last plan, the settings, and what the caller may do now. */
function viewAdditions(subject: Subject, migration: Migration, latest: Run | null): Additions {
  const approval = approvalOf(migration);
  return {
    atomicity: migration.atomicity,
    approval: approval === null ? null : viewApproval(approval),
    parameters: migration.parameters,
    options: migration.options,
    labels: migration.labels,
    notes: migration.notes,
    created_by: migration.createdBy,
    actions: actionsOnMigration(subject, migration, latest),
    created_at: migration.createdAt.toISOString(),
    updated_at: migration.updatedAt.toISOString(),
  };
}

export function viewApproval({ planHash, approvedBy, approvedAt }: Approval): z.output<typeof approvalSchema> {
  return { plan_hash: planHash, approved_by: approvedBy, approved_at: approvedAt.toISOString() };
}

/** The guide's basic form, with the latest run. */
export async function viewMigration(
  reader: OrganizationReader,
  subject: Subject,
  migration: Migration,
): Promise<MigrationView> {
  const latest = await reader.latestRun(migration.uuid);
  const run = latest === null ? null : await viewRun(reader, subject, latest);
  const apis = { api_uuids: [...migration.apiUuids] };
  return { ...viewHead(migration), ...apis, ...viewAdditions(subject, migration, latest), run };
}

/** As the list shows them: their latest runs without what those have done. */
export async function viewListedMigrations(
  reader: OrganizationReader,
  subject: Subject,
  migrations: readonly Migration[],
): Promise<ListedMigrationView[]> {
  const latestRuns = await reader.latestRuns(migrations.map(({ uuid }) => uuid));
  const summaries = await viewListedRuns(reader, subject, [...latestRuns.values()]);
  const runs = new Map(summaries.map((run) => [run.migration, run]));
  return migrations.map((migration) => ({
    ...viewHead(migration),
    api_uuids: [...migration.apiUuids],
    ...viewAdditions(subject, migration, latestRuns.get(migration.uuid) ?? null),
    run: runs.get(migration.uuid) ?? null,
  }));
}

/** The guide's verbose form: the APIs with their membership in this migration. */
export async function viewMigrationVerbosely(
  reader: OrganizationReader,
  subject: Subject,
  migration: Migration,
): Promise<VerboseMigrationView> {
  const { api_uuids: _, run, ...view } = await viewMigration(reader, subject, migration);
  const members = await reader.members(migration.uuid);
  const readable = members.filter(({ api }) => hasLevel(levelOn(subject, api.uuid), 'Read'));
  const { id, uuid, description, state, ...additions } = view;
  const apis = readable.map(({ api, membership }) => viewApi(subject, api, membership));
  return { id, uuid, description, state, apis, ...additions, run };
}
