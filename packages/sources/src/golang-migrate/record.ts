import { crc32 } from 'node:zlib';
import type { HistoryPlace, Statement, ToolRecord } from '@eden/domain';
import { createSchema } from '../create-schema.js';
import { hasTable, qualified, statement } from '../place.js';

const SALT = 1_486_364_155n;

/**
 * The keys of `pg_advisory_lock` of golang-migrate (database/util.go): its command line takes the path of the URL, `/shop`, for
 * the name of the database, a program that hands over its connection has the name alone. Both may be at work.
 */
export function golangMigrateKeys({ schema, table, database }: HistoryPlace): string[] {
  const keys = [database, `/${database}`].map((name) => {
    const sum = BigInt(crc32([schema, table, name].join('\0')));
    return (sum * SALT) & 0xffff_ffffn;
  });
  return keys.sort((a, b) => (a < b ? -1 : 1)).map(String);
}

/** The one row replaced; golang-migrate truncates, which would keep readers out until the commit. */
function setVersion(place: HistoryPlace, version: string | null): Statement[] {
  const clear = statement(`DELETE FROM ${qualified(place)}`);
  if (version === null) return [clear];
  return [clear, statement(`INSERT INTO ${qualified(place)} (version, dirty) VALUES ($1::bigint, false)`, version)];
}

export const GOLANG_MIGRATE_RECORD: ToolRecord = {
  lock: (place) => golangMigrateKeys(place).map((key) => statement('SELECT pg_advisory_xact_lock($1::bigint)', key)),
  unlock: () => [],
  create: (place) =>
    hasTable(place)
      ? []
      : [
          ...createSchema(place),
          statement(`CREATE TABLE ${qualified(place)} (version bigint not null primary key, dirty boolean not null)`),
        ],
  baselined: (place, migrations) => setVersion(place, migrations.at(-1)?.version ?? null),
  applied: (place, { version }) => setVersion(place, version),
  removed: (place, _, before) => setVersion(place, before?.version ?? null),
};
