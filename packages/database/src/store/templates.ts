import {
  asUuid,
  EdenError,
  isUuid,
  type EndpointKind,
  type OrganizationReader,
  type OrganizationTransactor,
  type Ref,
  type Template,
  type TemplateKind,
  type Uuid,
  runInProgress,
} from '@eden/domain';
import type { Template as TemplateRow } from '../generated/client.js';
import { fromJson, toJson } from '../json.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { present } from './changes.js';
import { lockMigrations } from './migration-lock.js';
import { readPage } from './paging.js';
import { voidPlansWithTemplate } from './plans.js';
import { findByRef, found } from './references.js';

function toTemplate(row: TemplateRow): Template {
  const { id, description, version, createdAt, updatedAt } = row;
  return {
    uuid: asUuid(row.uuid),
    id,
    description,
    endpointUuid: asUuid(row.endpointUuid),
    endpointKind: row.endpointKind as EndpointKind,
    kind: row.kind as TemplateKind,
    body: fromJson(row.body),
    settings: fromJson(row.settings),
    version,
    createdAt,
    updatedAt,
  };
}

export function templateReads(
  scope: Scope,
): Pick<OrganizationReader, 'template' | 'templates' | 'templateUuids' | 'templatesByUuid' | 'templateUsers'> {
  const { template } = scope.db;
  return {
    template: async (ref) => {
      const row = await findByRef(
        ref,
        (uuid) => template.findFirst({ where: { uuid } }),
        (id) => template.findFirst({ where: { id } }),
      );
      return toTemplate(found(row, 'Template', ref));
    },
    templates: (page) => readPage(page, (keyset) => template.findMany({ ...keyset }), toTemplate),
    templateUuids: (refs) => templateUuids(scope, refs),
    templatesByUuid: async (uuids) => {
      if (uuids.length === 0) return new Map();
      const rows = await template.findMany({ where: { uuid: { in: [...uuids] } } });
      return new Map(rows.map((row) => [asUuid(row.uuid), toTemplate(row)]));
    },
    templateUsers: (uuid) => templateUsers(scope, uuid),
  };
}

async function templateUuids({ db }: Scope, refs: readonly Ref[]): Promise<readonly Uuid[]> {
  if (refs.length === 0) return [];
  const wanted = [...new Set(refs)];
  const isOneOf = [{ uuid: { in: wanted.filter(isUuid) } }, { id: { in: wanted } }];
  const rows = await db.template.findMany({ where: { OR: isOneOf }, select: { uuid: true, id: true } });
  const byUuid = new Map(rows.map(({ uuid }) => [uuid, asUuid(uuid)]));
  const byId = new Map(rows.map(({ uuid, id }) => [id, asUuid(uuid)]));
  return refs.map((ref) => found(byUuid.get(ref.toLowerCase()) ?? byId.get(ref) ?? null, 'Template', ref));
}

/** A deleted migration has no name any more: its APIs, which keep their configuration, stand for it. */
async function templateUsers(
  { db }: Scope,
  templateUuid: Uuid,
): Promise<{ readonly apis: readonly string[]; readonly migrations: readonly string[] }> {
  const regular = await db.apiBinding.findMany({
    where: { templateUuid },
    select: { api: { select: { id: true } } },
  });
  const memberships = await db.membership.findMany({
    where: { bindings: { some: { templateUuid } } },
    select: { api: { select: { id: true } }, migration: { select: { id: true, deletedAt: true } } },
  });
  const [live, deleted] = [
    memberships.filter(({ migration }) => migration.deletedAt === null),
    memberships.filter(({ migration }) => migration.deletedAt !== null),
  ];
  return {
    apis: distinct([...regular, ...deleted].map(({ api }) => api.id)),
    migrations: distinct(live.map(({ migration }) => migration.id)),
  };
}

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort();
}

/**
 * A run has found out where its bindings and its APIs' executions go, and closes gates there: that stays until its end.
 * Locks the migrations that use the template. @throws EdenError RUN_IN_PROGRESS
 */
async function assertMayLeadTo(scope: Scope, templateUuid: Uuid, endpointUuid: Uuid): Promise<void> {
  const { db } = scope;
  const unmoved = await db.template.findFirst({ where: { uuid: templateUuid, endpointUuid }, select: { uuid: true } });
  if (unmoved !== null) return;
  const bound = { bindings: { some: { templateUuid } } };
  const users = await db.migration.findMany({
    where: { deletedAt: null, memberships: { some: { OR: [bound, { api: bound }] } } },
    select: { uuid: true },
  });
  if (users.length === 0) return;
  const uuids = users.map(({ uuid }) => uuid);
  await lockMigrations(scope, uuids);
  const where = { migrationUuid: { in: uuids }, slot: { not: null } };
  const run = await db.run.findFirst({ where, select: { uuid: true } });
  if (run !== null) throw runInProgress(run.uuid);
}

export function templateWrites(
  scope: Scope,
): Pick<OrganizationTransactor, 'insertTemplate' | 'updateTemplate' | 'deleteTemplate'> {
  const { db, organizationUuid } = scope;
  return {
    insertTemplate: async ({ id, description, endpointUuid, endpointKind, kind, body, settings }) => {
      const named = { uuid: newUuid(), organizationUuid, id, description, endpointUuid, endpointKind, kind };
      const data = { ...named, body: toJson(body), settings: toJson(settings) };
      return toTemplate(await db.template.create({ data }));
    },
    updateTemplate: async (uuid, { body, settings, ...changes }) => {
      if (changes.endpointUuid !== undefined) await assertMayLeadTo(scope, uuid, changes.endpointUuid);
      const data = {
        ...present(changes),
        ...(body === undefined ? {} : { body: toJson(body) }),
        ...(settings === undefined ? {} : { settings: toJson(settings) }),
        version: { increment: 1 },
      };
      const row = await db.template.update({ where: { uuid }, data });
      await voidPlansWithTemplate(scope, uuid);
      return toTemplate(row);
    },
    deleteTemplate: async (uuid) => {
      const users = await templateUsers(scope, uuid);
      if (users.apis.length + users.migrations.length > 0) throw new EdenError('TEMPLATE_IN_USE', { ...users });
      await db.template.delete({ where: { uuid } });
    },
  };
}
