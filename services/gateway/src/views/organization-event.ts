import type { OrganizationChange, Run } from '@eden/domain';
import type { z } from 'zod';
import type { organizationEventSchema } from '../schemas/organization-event.js';
import { wireStateOf } from './run.js';

type View = z.output<typeof organizationEventSchema>;

export function viewOrganizationChange({ at, migrationUuid, migrationId, run }: OrganizationChange): View {
  return {
    type: run === null ? 'migration' : 'run',
    at: at.toISOString(),
    migration: migrationUuid,
    migration_id: migrationId,
    run: run === null ? null : { ...run, state: wireStateOf(run.state) },
  };
}

/** A run that is under way, as if it had just moved. */
export function viewOpenRun({ uuid, kind, state, migrationUuid, migrationId }: Run, at: Date): View {
  return viewOrganizationChange({ at, migrationUuid, migrationId, run: { uuid, kind, state } });
}
