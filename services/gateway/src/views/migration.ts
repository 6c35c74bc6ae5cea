import type { Member, Migration, OrganizationReader, Run } from '@eden/domain';
import type { z } from 'zod';
import type { listedMigrationSchema, migrationSchema, verboseMigrationSchema } from '../schemas/migration.js';
import { viewApi } from './api.js';
import { viewRun, viewRunSummary, type RunView } from './run.js';

export type MigrationView = z.output<typeof migrationSchema>;
export type VerboseMigrationView = z.output<typeof verboseMigrationSchema>;

export type ListedMigrationView = z.output<typeof listedMigrationSchema>;

type Head = Pick<MigrationView, 'id' | 'uuid' | 'description' | 'state'>;
type Additions = Omit<MigrationView, keyof Head | 'api_uuids' | 'run'>;

function viewHead({ id, uuid, description, state }: Migration): Head {
  return { id, uuid, description, state };
}

/** Beside the guide's keys: the level of the last plan, and the settings. */
function viewAdditions(migration: Migration): Additions {
  return {
    atomicity: migration.atomicity,
    parameters: migration.parameters,
    options: migration.options,
    created_at: migration.createdAt.toISOString(),
    updated_at: migration.updatedAt.toISOString(),
  };
}

/** The guide's basic form. */
export function viewMigration(migration: Migration, run: RunView | null): MigrationView {
  return { ...viewHead(migration), api_uuids: [...migration.apiUuids], ...viewAdditions(migration), run };
}

/** As the list shows it. */
export function viewListedMigration(migration: Migration, latestRun: Run | null): ListedMigrationView {
  return { ...viewMigration(migration, null), run: latestRun === null ? null : viewRunSummary(latestRun) };
}

/** Of a migration the latest run, whole; null where there is none. */
export async function viewLatestRun(reader: OrganizationReader, { uuid }: Migration): Promise<RunView | null> {
  const run = await reader.latestRun(uuid);
  return run === null ? null : viewRun(run, await reader.runApis(run.uuid));
}

/** The guide's verbose form: the APIs with their membership in this migration. */
export function viewMigrationVerbosely(
  migration: Migration,
  run: RunView | null,
  members: readonly Member[],
): VerboseMigrationView {
  const apis = members.map(({ api, membership }) => viewApi(api, membership));
  return { ...viewHead(migration), apis, ...viewAdditions(migration), run };
}
