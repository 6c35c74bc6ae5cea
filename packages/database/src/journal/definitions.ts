import { migrationStateError, type Run } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';

/*
 * What T2 does to the definitions of the migration's APIs. A migrate sets aside what it replaces, as bindings of role
 * `previous`; a rollback puts that back. Either way schema_version goes up: the gates in the targets hold the number.
 */

type RunOfMigration = Pick<Run, 'kind' | 'migrationUuid'>;

/** Memberships of the run's migration that T2 counts. */
function members({ migrationUuid }: RunOfMigration): Prisma.Sql {
  return Prisma.sql`migration_uuid = ${migrationUuid}::uuid AND active`;
}

/**
 * At T1: from here to T2 nobody else changes these definitions (updateApi sees the migration In Progress).
 * @throws EdenError MIGRATION_STATE when a rollback would overwrite a later definition
 */
export async function lockDefinitions(db: Db, run: RunOfMigration): Promise<void> {
  await db.$queryRaw(Prisma.sql`
    SELECT uuid FROM apis WHERE uuid IN (SELECT api_uuid FROM memberships WHERE ${members(run)})
     ORDER BY uuid FOR NO KEY UPDATE`);
  if (run.kind !== 'rollback') return;
  const [changed] = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    SELECT a.id FROM memberships m JOIN apis a ON a.uuid = m.api_uuid
     WHERE m.migration_uuid = ${run.migrationUuid}::uuid AND m.previous_fields IS NOT NULL
       AND a.schema_version <> m.committed_schema_version
     ORDER BY a.id LIMIT 1`);
  if (changed !== undefined) {
    throw migrationStateError('Completed', `Api "${changed.id}" has changed since; take that change back first`);
  }
}

/** At T2, in its transaction. */
export async function applyDefinitions(db: Db, run: RunOfMigration): Promise<void> {
  await lockDefinitions(db, run);
  if (run.kind === 'rollback') await restoreDefinitions(db, run);
  else await replaceDefinitions(db, run);
}

async function replaceDefinitions(db: Db, run: RunOfMigration): Promise<void> {
  const changing = Prisma.sql`${members(run)} AND (next_fields IS NOT NULL OR next_bindings)`;
  await db.$executeRaw(Prisma.sql`
    INSERT INTO membership_bindings (organization_uuid, membership_uuid, role, position, template_uuid, fields)
    SELECT b.organization_uuid, m.uuid, 'previous', b.position, b.template_uuid, b.fields
      FROM api_bindings b JOIN (SELECT uuid, api_uuid FROM memberships WHERE ${changing}) m USING (api_uuid)`);
  await db.$executeRaw(Prisma.sql`
    UPDATE memberships SET previous_fields = a.fields, committed_schema_version = a.schema_version + 1
      FROM apis a WHERE a.uuid = api_uuid AND ${changing}`);
  await replaceBindings(db, 'next', Prisma.sql`${members(run)} AND next_bindings`);
  await db.$executeRaw(Prisma.sql`
    UPDATE apis SET schema_version = schema_version + 1, fields = coalesce(m.next_fields, fields)
      FROM (SELECT api_uuid, next_fields FROM memberships WHERE ${members(run)}) m WHERE m.api_uuid = apis.uuid`);
}

async function restoreDefinitions(db: Db, run: RunOfMigration): Promise<void> {
  const changed = Prisma.sql`${members(run)} AND previous_fields IS NOT NULL`;
  await replaceBindings(db, 'previous', changed);
  await db.$executeRaw(Prisma.sql`
    UPDATE apis SET schema_version = schema_version + 1, fields = coalesce(m.previous_fields, fields)
      FROM (SELECT api_uuid, previous_fields FROM memberships WHERE ${members(run)}) m WHERE m.api_uuid = apis.uuid`);
  await db.$executeRaw(Prisma.sql`
    DELETE FROM membership_bindings
     WHERE role = 'previous' AND membership_uuid IN (SELECT uuid FROM memberships WHERE ${changed})`);
  await db.$executeRaw(Prisma.sql`
    UPDATE memberships SET previous_fields = NULL, committed_schema_version = NULL WHERE ${changed}`);
}

/** The regular bindings of these memberships' APIs become those of the role. */
async function replaceBindings(db: Db, role: 'next' | 'previous', memberships: Prisma.Sql): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    DELETE FROM api_bindings WHERE api_uuid IN (SELECT api_uuid FROM memberships WHERE ${memberships})`);
  await db.$executeRaw(Prisma.sql`
    INSERT INTO api_bindings (organization_uuid, api_uuid, position, template_uuid, fields)
    SELECT b.organization_uuid, m.api_uuid, b.position, b.template_uuid, b.fields
      FROM membership_bindings b JOIN (SELECT uuid, api_uuid FROM memberships WHERE ${memberships}) m
        ON m.uuid = b.membership_uuid
     WHERE b.role = ${role}`);
}
