import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { asUuid, type NewSchemaSnapshot, type OrganizationReader, type SchemaObject } from '@eden/domain';
import type { Db } from '../client.js';
import type { Scope } from '../scope.js';

const [compress, decompress] = [promisify(gzip), promisify(gunzip)];

export function schemaReads({ db }: Scope): Pick<OrganizationReader, 'schemas'> {
  return {
    schemas: async (migrationUuid) => {
      const rows = await db.schemaSnapshot.findMany({ where: { migrationUuid }, orderBy: { databaseName: 'asc' } });
      return Promise.all(
        rows.map(async ({ databaseKey: key, databaseName: name, endpointUuid, takenAt, objects }) => ({
          database: { key, name },
          endpointUuid: asUuid(endpointUuid),
          takenAt,
          objects: JSON.parse((await decompress(objects)).toString('utf8')) as readonly SchemaObject[],
        })),
      );
    },
  };
}

/** A snapshot as it is kept, in base64: the catalog of a large database is a few hundred kilobytes. */
export async function compressed({ objects }: NewSchemaSnapshot): Promise<string | null> {
  return objects === null ? null : (await compress(JSON.stringify(objects))).toString('base64');
}

export async function deleteSchemas(db: Db, migrationUuid: string): Promise<void> {
  await db.schemaSnapshot.deleteMany({ where: { migrationUuid } });
}
