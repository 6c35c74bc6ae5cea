import { DEFINITION_SOURCES, RUNNABLE_FROM, migrationStateError } from '@eden/domain';
import type { DefinitionChange, Uuid } from '@eden/domain';
import { Prisma } from '../generated/client.js';
import type { Step } from '../rounds.js';

/*
 * How the definitions of a migration's APIs change: which way is the domain's to say (run-outcomes.ts). What is replaced
 * is kept as bindings of role `previous` where it may have to be restored. Either way schema_version goes up: the gates
 * in the targets hold the number.
 */

/** Memberships that the run's migration has now. */
function members(migrationUuid: Uuid): Prisma.Sql {
  return Prisma.sql`migration_uuid = ${migrationUuid}::uuid AND active`;
}

/** Those of them whose API gets another definition. */
const CHANGING = {
  next: Prisma.sql`(next_fields IS NOT NULL OR next_bindings)`,
  previous: Prisma.sql`previous_fields IS NOT NULL`,
} as const;

/** Those of them whose API gets other bindings. */
const REBOUND = { next: Prisma.sql`next_bindings`, previous: CHANGING.previous } as const;

const FIELDS = { next: Prisma.sql`next_fields`, previous: Prisma.sql`previous_fields` } as const;

type Source = keyof typeof CHANGING;

/**
 * At T1: from here to T2 nobody else changes these definitions (updateApi sees that the migration is under way).
 * @throws EdenError MIGRATION_STATE when what T2 restores would overwrite a later definition
 */
export function lockDefinitions(migrationUuid: Uuid, change: DefinitionChange): readonly Step[] {
  const locked = Prisma.sql`
    SELECT uuid FROM apis WHERE uuid IN (SELECT api_uuid FROM memberships WHERE ${members(migrationUuid)})
     ORDER BY uuid FOR NO KEY UPDATE`;
  if (change !== 'restore') return [{ sql: locked }];
  const changed = Prisma.sql`
    SELECT a.id FROM memberships m JOIN apis a ON a.uuid = m.api_uuid
     WHERE m.migration_uuid = ${migrationUuid}::uuid AND m.previous_fields IS NOT NULL
       AND a.schema_version <> m.committed_schema_version
     ORDER BY a.id LIMIT 1`;
  return [{ sql: locked }, { sql: changed, reads: true, check: ({ rows }) => assertUnchanged(rows) }];
}

function assertUnchanged(changed: readonly unknown[]): void {
  const [first] = changed as readonly { readonly id: string }[];
  if (first === undefined) return;
  const [state] = RUNNABLE_FROM.rollback;
  throw migrationStateError(state, `Api "${first.id}" has changed since; take that change back first`);
}

/** In the transaction that decides. */
export function changeDefinitions(migrationUuid: Uuid, change: DefinitionChange): readonly Step[] {
  if (change === 'leave') return [];
  const { source, replaced } = DEFINITION_SOURCES[change];
  const ofMigration = members(migrationUuid);
  const changing = Prisma.sql`${ofMigration} AND ${CHANGING[source]}`;
  const statements = [
    ...(replaced === 'kept' ? keepReplaced(changing) : []),
    ...replaceBindings(source, Prisma.sql`${ofMigration} AND ${REBOUND[source]}`),
    replaceFields(source, ofMigration),
    ...(replaced === 'forgotten' ? forgetReplaced(changing) : []),
  ];
  return [...lockDefinitions(migrationUuid, change), ...statements.map((sql) => ({ sql }))];
}

function keepReplaced(memberships: Prisma.Sql): readonly Prisma.Sql[] {
  return [
    Prisma.sql`
    INSERT INTO membership_bindings (organization_uuid, membership_uuid, role, position, template_uuid, fields)
    SELECT b.organization_uuid, m.uuid, 'previous', b.position, b.template_uuid, b.fields
      FROM api_bindings b JOIN (SELECT uuid, api_uuid FROM memberships WHERE ${memberships}) m USING (api_uuid)`,
    Prisma.sql`
    UPDATE memberships SET previous_fields = a.fields, committed_schema_version = a.schema_version + 1
      FROM apis a WHERE a.uuid = api_uuid AND ${memberships}`,
  ];
}

function forgetReplaced(memberships: Prisma.Sql): readonly Prisma.Sql[] {
  return [
    Prisma.sql`
    DELETE FROM membership_bindings
     WHERE role = 'previous' AND membership_uuid IN (SELECT uuid FROM memberships WHERE ${memberships})`,
    Prisma.sql`
    UPDATE memberships SET previous_fields = NULL, committed_schema_version = NULL WHERE ${memberships}`,
  ];
}

/** The regular bindings of these memberships' APIs become those of the role. */
function replaceBindings(role: Source, memberships: Prisma.Sql): readonly Prisma.Sql[] {
  return [
    Prisma.sql`
    DELETE FROM api_bindings WHERE api_uuid IN (SELECT api_uuid FROM memberships WHERE ${memberships})`,
    Prisma.sql`
    INSERT INTO api_bindings (organization_uuid, api_uuid, position, template_uuid, fields)
    SELECT b.organization_uuid, m.api_uuid, b.position, b.template_uuid, b.fields
      FROM membership_bindings b JOIN (SELECT uuid, api_uuid FROM memberships WHERE ${memberships}) m
        ON m.uuid = b.membership_uuid
     WHERE b.role = ${role}`,
  ];
}

/** Of every member's API the version goes up; where the column holds no fields, they stay. */
function replaceFields(source: Source, memberships: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    UPDATE apis SET schema_version = schema_version + 1, fields = coalesce(m.replacing, fields)
      FROM (SELECT api_uuid, ${FIELDS[source]} AS replacing FROM memberships WHERE ${memberships}) m
     WHERE m.api_uuid = apis.uuid`;
}
