import type { Member, Migration, OrganizationReader } from '@eden/domain';
import type { z } from 'zod';
import type { migrationSchema, verboseMigrationSchema } from '../schemas/migration.js';
import { viewApi } from './api.js';
import { viewRun } from './run.js';

export type MigrationView = z.output<typeof migrationSchema>;
export type VerboseMigrationView = z.output<typeof verboseMigrationSchema>;

type Head = Pick<MigrationView, 'id' | 'uuid' | 'description' | 'state'>;
type Additions = Omit<MigrationView, keyof Head | 'api_uuids'>;

function viewHead({ id, uuid, description, state }: Migration): Head {
  return { id, uuid, description, state };
}

/** Beside the guide's keys: the level of the last plan, the settings, the latest run. */
async function viewAdditions(reader: OrganizationReader, migration: Migration): Promise<Additions> {
  const [plan, run] = await Promise.all([reader.plan(migration.uuid), reader.latestRun(migration.uuid)]);
  return {
    atomicity: plan?.atomicity ?? null,
    parameters: migration.parameters,
    options: migration.options,
    run: run === null ? null : viewRun(run),
    created_at: migration.createdAt.toISOString(),
    updated_at: migration.updatedAt.toISOString(),
  };
}

/** The guide's basic form. */
export async function viewMigration(reader: OrganizationReader, migration: Migration): Promise<MigrationView> {
  const additions = await viewAdditions(reader, migration);
  return { ...viewHead(migration), api_uuids: [...migration.apiUuids], ...additions };
}

/** The guide's verbose form: the APIs with their membership in this migration. */
export async function viewMigrationVerbosely(
  reader: OrganizationReader,
  migration: Migration,
): Promise<VerboseMigrationView> {
  const [members, additions] = await Promise.all([reader.members(migration.uuid), viewAdditions(reader, migration)]);
  const apis = members.map(({ api, membership }: Member) => viewApi(api, membership));
  return { ...viewHead(migration), apis, ...additions };
}
