import type { Member, Migration, Run } from '@eden/domain';
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
function viewAdditions(migration: Migration, run: Run | null): Additions {
  return {
    atomicity: migration.atomicity,
    parameters: migration.parameters,
    options: migration.options,
    run: run === null ? null : viewRun(run),
    created_at: migration.createdAt.toISOString(),
    updated_at: migration.updatedAt.toISOString(),
  };
}

/** The guide's basic form. */
export function viewMigration(migration: Migration, latestRun: Run | null): MigrationView {
  return { ...viewHead(migration), api_uuids: [...migration.apiUuids], ...viewAdditions(migration, latestRun) };
}

/** The guide's verbose form: the APIs with their membership in this migration. */
export function viewMigrationVerbosely(
  migration: Migration,
  latestRun: Run | null,
  members: readonly Member[],
): VerboseMigrationView {
  const apis = members.map(({ api, membership }) => viewApi(api, membership));
  return { ...viewHead(migration), apis, ...viewAdditions(migration, latestRun) };
}
