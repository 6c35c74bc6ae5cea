import {
  asUuid,
  EdenError,
  type Endpoint,
  type EndpointKind,
  type OrganizationReader,
  type OrganizationTransactor,
} from '@eden/domain';
import type { Endpoint as EndpointRow } from '../generated/client.js';
import type { Scope } from '../scope.js';
import { newUuid } from '../uuid.js';
import { readPage } from './paging.js';
import { findByRef, found } from './references.js';

function toEndpoint({ cipher, organizationUuid }: Scope, row: EndpointRow): Endpoint {
  const { id, description, version, createdAt, updatedAt } = row;
  const uuid = asUuid(row.uuid);
  const config = cipher.decrypt(row.config, { organizationUuid, endpointUuid: uuid });
  const kind = row.kind as EndpointKind;
  return {
    uuid,
    organizationUuid,
    id,
    kind,
    description,
    config,
    version,
    database: databaseOf(row),
    createdAt,
    updatedAt,
  };
}

function databaseOf({ databaseKey: key, databasePlace: place }: EndpointRow): Endpoint['database'] {
  return key === null || place === null ? null : { key, place };
}

type EndpointReads = Pick<OrganizationReader, 'endpoint' | 'endpoints' | 'endpointsByUuid' | 'databasesOfRuns'>;

export function endpointReads(scope: Scope): EndpointReads {
  const { endpoint } = scope.db;
  const map = (row: EndpointRow): Endpoint => toEndpoint(scope, row);
  return {
    endpoint: async (ref) => {
      const row = await findByRef(
        ref,
        (uuid) => endpoint.findFirst({ where: { uuid } }),
        (id) => endpoint.findFirst({ where: { id } }),
      );
      return map(found(row, 'Endpoint', ref));
    },
    endpoints: (page) => readPage(page, (keyset) => endpoint.findMany({ ...keyset }), map),
    endpointsByUuid: async (uuids) => {
      if (uuids.length === 0) return new Map();
      const rows = await endpoint.findMany({ where: { uuid: { in: [...uuids] } } });
      return new Map(rows.map((row) => [asUuid(row.uuid), map(row)]));
    },
    databasesOfRuns: async (endpointUuid) => {
      const rows = await scope.db.runParticipant.findMany({ where: ofUnfinishedRuns(endpointUuid) });
      return rows.map(({ runUuid, databaseKey, databasePlace, databaseName }) => ({
        runUuid: asUuid(runUuid),
        database: { key: databaseKey, place: databasePlace, name: databaseName },
      }));
    },
  };
}

export function endpointWrites(
  scope: Scope,
): Pick<OrganizationTransactor, 'insertEndpoint' | 'updateEndpoint' | 'deleteEndpoint'> {
  const { db, organizationUuid, cipher } = scope;
  return {
    insertEndpoint: async ({ id, kind, description, config }) => {
      const uuid = newUuid();
      const sealed = bytes(cipher.encrypt(config, { organizationUuid, endpointUuid: uuid }));
      const data = { uuid, organizationUuid, id, kind, description, config: sealed };
      return toEndpoint(scope, await db.endpoint.create({ data }));
    },
    updateEndpoint: async (uuid, { description, config }) => {
      const data = {
        ...(description === undefined ? {} : { description }),
        ...(config === undefined
          ? {}
          : { config: bytes(cipher.encrypt(config, { organizationUuid, endpointUuid: uuid })) }),
        version: { increment: 1 },
      };
      return toEndpoint(scope, await db.endpoint.update({ where: { uuid }, data }));
    },
    deleteEndpoint: async (uuid) => {
      const templates = await db.template.findMany({ where: { endpointUuid: uuid }, select: { id: true } });
      if (templates.length > 0) throw new EdenError('ENDPOINT_IN_USE', { templates: templates.map(({ id }) => id) });
      await assertNoSourceOf(scope, uuid);
      await assertNoRunNeeds(scope, uuid);
      await db.endpoint.delete({ where: { uuid } });
    },
  };
}

async function assertNoSourceOf({ db }: Scope, endpointUuid: string): Promise<void> {
  const sources = await db.migrationSource.findMany({ where: { endpointUuid }, select: { id: true } });
  if (sources.length === 0) return;
  throw new EdenError('ENDPOINT_IN_USE', { templates: [], sources: sources.map(({ id }) => id) });
}

/** Participants that recovery may have to come back to. */
function ofUnfinishedRuns(endpointUuid: string) {
  return { endpointUuid, run: { slot: { not: null } } };
}

/** Recovery must reach the databases of an unfinished run, whatever became of its templates. */
async function assertNoRunNeeds({ db }: Scope, endpointUuid: string): Promise<void> {
  const participant = await db.runParticipant.findFirst({ where: ofUnfinishedRuns(endpointUuid) });
  if (participant !== null) throw new EdenError('ENDPOINT_IN_USE', { templates: [], run_uuid: participant.runUuid });
}

/** Prisma wants bytes that share no memory. */
function bytes(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}
