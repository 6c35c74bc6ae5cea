import { asUuid, type Binding, type Uuid } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { fromJson } from '../json.js';

/** What the rows of both tables of bindings hold beside their owner. */
interface BindingRow {
  readonly templateUuid: string;
  readonly fields: Prisma.JsonValue;
}

export function toBinding({ templateUuid, fields }: BindingRow): Binding {
  return { templateUuid: asUuid(templateUuid), fields: fromJson(fields) };
}

export interface BindingsOfApi {
  readonly organizationUuid: Uuid;
  readonly apiUuid: Uuid;
}

/** In their order. There may be thousands, so one parameter holds them all. */
export async function insertApiBindings(db: Db, owner: BindingsOfApi, bindings: readonly Binding[]): Promise<void> {
  if (bindings.length === 0) return;
  await db.$executeRaw(Prisma.sql`
    INSERT INTO api_bindings (organization_uuid, api_uuid, position, template_uuid, fields)
    SELECT ${owner.organizationUuid}::uuid, ${owner.apiUuid}::uuid, binding.* FROM ${recordset(bindings)}`);
}

export interface BindingsOfMembership {
  readonly organizationUuid: Uuid;
  readonly membershipUuid: Uuid;
  readonly role: 'migration' | 'next';
}

/** As `insertApiBindings`. */
export async function insertMembershipBindings(
  db: Db,
  { organizationUuid, membershipUuid, role }: BindingsOfMembership,
  bindings: readonly Binding[],
): Promise<void> {
  if (bindings.length === 0) return;
  await db.$executeRaw(Prisma.sql`
    INSERT INTO membership_bindings (organization_uuid, membership_uuid, role, position, template_uuid, fields)
    SELECT ${organizationUuid}::uuid, ${membershipUuid}::uuid, ${role}, binding.* FROM ${recordset(bindings)}`);
}

/** Documents travel as texts: a function that takes JSON apart refuses what JSON may hold, such as NUL. */
function recordset(bindings: readonly Binding[]): Prisma.Sql {
  const templates = bindings.map(({ templateUuid }) => templateUuid);
  const fields = bindings.map((binding) => JSON.stringify(binding.fields));
  return Prisma.sql`(
    SELECT ordinality::int - 1, template_uuid, fields::json
      FROM unnest(${templates}::uuid[], ${fields}::text[]) WITH ORDINALITY AS given (template_uuid, fields, ordinality)
  ) AS binding`;
}
