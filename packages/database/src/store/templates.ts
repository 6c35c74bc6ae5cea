import {
  asUuid,
  type Changes,
  EdenError,
  isUuid,
  type ApiTemplate,
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
import type { DividedContent, TemplateContent } from './template-texts.js';
import { divideContent, insertPieces, replacePieces, wholeContent } from './template-texts.js';

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
): Pick<
  OrganizationReader,
  'template' | 'templates' | 'templateUuids' | 'templatesByUuid' | 'templateUsers' | 'apiTemplates'
> {
  const { template } = scope.db;
  return {
    template: (ref) => readTemplate(scope, ref),
    // Of a long text a list has the beginning.
    templates: (page) => readPage(page, (keyset) => template.findMany({ ...keyset }), toTemplate),
    templateUuids: (refs) => templateUuids(scope, refs),
    templatesByUuid: async (uuids) => {
      if (uuids.length === 0) return new Map();
      const rows = await template.findMany({ where: { uuid: { in: [...uuids] } } });
      const templates = new Map<Uuid, Template>();
      for (const row of rows) templates.set(asUuid(row.uuid), await wholeTemplate(scope, row));
      return templates;
    },
    templateUsers: (uuid) => templateUsers(scope, uuid),
    apiTemplates: (endpointUuids) => apiTemplates(scope, endpointUuids),
  };
}

/** @param missing A content of which a piece was not there */
async function readTemplate(scope: Scope, ref: Ref, missing: string | null = null): Promise<Template> {
  const { template } = scope.db;
  const row = await findByRef(
    ref,
    (uuid) => template.findFirst({ where: { uuid } }),
    (id) => template.findFirst({ where: { id } }),
  );
  return wholeTemplate(scope, found(row, 'Template', ref), missing);
}

/** With its long texts. One that is replaced while they are read is read anew. */
async function wholeTemplate(scope: Scope, row: TemplateRow, missing: string | null = null): Promise<Template> {
  const template = toTemplate(row);
  const content = await wholeContent(scope, template, row);
  if (content !== null) return { ...template, ...content };
  if (row.contentUuid === missing) throw new TypeError(`a piece of the template ${row.id} is missing`);
  return readTemplate(scope, row.uuid, row.contentUuid);
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

async function apiTemplates({ db }: Scope, endpointUuids: readonly Uuid[]): Promise<readonly ApiTemplate[]> {
  if (endpointUuids.length === 0) return [];
  const rows = await db.apiBinding.findMany({
    where: { template: { endpointUuid: { in: [...endpointUuids] } } },
    orderBy: [{ api: { id: 'asc' } }, { position: 'asc' }],
    select: { fields: true, template: true, api: { select: { uuid: true, id: true } } },
  });
  return rows.map(({ api, template, fields }) => ({
    apiUuid: asUuid(api.uuid),
    apiId: api.id,
    template: toTemplate(template),
    fields: fromJson(fields),
  }));
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

function columnsOf({ body, settings, contentUuid, pieceCount }: DividedContent) {
  return { body: toJson(body), settings: toJson(settings), contentUuid, pieceCount };
}

/** Null where it stays as it is. */
async function nextContent(
  scope: Scope,
  uuid: Uuid,
  { body, settings }: Changes<TemplateContent>,
): Promise<TemplateContent | null> {
  if (body === undefined && settings === undefined) return null;
  if (body !== undefined && settings !== undefined) return { body, settings };
  const current = await readTemplate(scope, uuid);
  return { body: body ?? current.body, settings: settings ?? current.settings };
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
      const divided = divideContent({ body, settings });
      const row = await db.template.create({ data: { ...named, ...columnsOf(divided) } });
      await insertPieces(scope, row.uuid, divided);
      return { ...toTemplate(row), body, settings };
    },
    updateTemplate: async (uuid, { body, settings, ...changes }) => {
      if (changes.endpointUuid !== undefined) await assertMayLeadTo(scope, uuid, changes.endpointUuid);
      const content = await nextContent(scope, uuid, { body, settings });
      const divided = content === null ? null : divideContent(content);
      const columns = divided === null ? {} : columnsOf(divided);
      const data = { ...present(changes), ...columns, version: { increment: 1 } };
      const row = await db.template.update({ where: { uuid }, data });
      if (divided !== null) await replacePieces(scope, uuid, divided);
      await voidPlansWithTemplate(scope, uuid);
      return content === null ? wholeTemplate(scope, row) : { ...toTemplate(row), ...content };
    },
    deleteTemplate: async (uuid) => {
      const users = await templateUsers(scope, uuid);
      if (users.apis.length + users.migrations.length > 0) throw new EdenError('TEMPLATE_IN_USE', { ...users });
      await db.template.delete({ where: { uuid } });
    },
  };
}
