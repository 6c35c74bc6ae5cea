import { asUuid } from '@eden/domain';
import { createClient, transaction, type Client, type Db } from './client.js';
import { workHosts, type ControlAddress } from './control-address.js';
import { createConfigCipher, type ConfigCipher } from './encryption.js';
import { Prisma } from './generated/client.js';
import { createPool, PATIENT_MS } from './pool.js';

/** Rows of one transaction: few, so that nobody waits long for one of them. */
const BATCH = 50;

export interface ReencryptOptions extends ControlAddress {
  /** The first one encrypts; all of them decrypt. */
  readonly keys: readonly Buffer[];
}

export interface Reencrypted {
  /** Are under the first key now, and were not. */
  readonly changed: number;
  /** Were under it already. */
  readonly current: number;
  /** What none of the keys opens, as `endpoints <uuid>`. */
  readonly unreadable: readonly string[];
}

/** Where there is something encrypted. Rows are known by uuid and organization_uuid. */
const SEALED_COLUMNS = [
  { table: 'endpoints', column: 'config' },
  { table: 'hooks', column: 'secrets' },
  { table: 'webhooks', column: 'target' },
] as const;

type SealedColumn = (typeof SEALED_COLUMNS)[number];

interface SealedRow {
  readonly uuid: string;
  readonly organization_uuid: string;
  readonly sealed: Uint8Array;
}

/**
 * Puts everything that is stored encrypted under the first key. Each batch is a transaction of its own, so that it may be killed and
 * begun again at any time; several at once, and gateways at work, wait for each other's rows only.
 */
export async function reencrypt({ keys, ...address }: ReencryptOptions): Promise<Reencrypted> {
  const cipher = createConfigCipher(keys);
  const pool = createPool(workHosts(address), 1, PATIENT_MS);
  const client = createClient(pool);
  try {
    return await walk(client, cipher);
  } finally {
    await client.$disconnect();
    if (!pool.ended) await pool.end();
  }
}

async function walk(client: Client, cipher: ConfigCipher): Promise<Reencrypted> {
  const total = { changed: 0, current: 0, unreadable: [] as string[] };
  for (const column of SEALED_COLUMNS) {
    let after: string | undefined = BEFORE_ALL;
    while (after !== undefined) {
      const from: string = after;
      const batch: Batch = await transaction(client, (tx) => reencryptBatch({ tx, cipher, column }, from));
      total.changed += batch.changed;
      total.current += batch.current;
      total.unreadable.push(...batch.unreadable);
      after = batch.last;
    }
  }
  return total;
}

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

interface Work {
  readonly tx: Db;
  readonly cipher: ConfigCipher;
  readonly column: SealedColumn;
}

interface Batch extends Reencrypted {
  /** Behind which the next one begins; undefined after the last one. */
  readonly last: string | undefined;
}

async function reencryptBatch(work: Work, after: string): Promise<Batch> {
  const { table, column } = work.column;
  const rows = await work.tx.$queryRaw<SealedRow[]>(Prisma.sql`
    SELECT uuid, organization_uuid, ${Prisma.raw(column)} AS sealed FROM ${Prisma.raw(table)}
     WHERE uuid > ${after}::uuid ORDER BY uuid LIMIT ${BATCH}
       FOR UPDATE`);
  const batch = { changed: 0, current: 0, unreadable: [] as string[], last: rows.at(-1)?.uuid };
  for (const row of rows) {
    const outcome = await reencryptRow(work, row);
    if (outcome === 'unreadable') batch.unreadable.push(`${table} ${row.uuid}`);
    else batch[outcome] += 1;
  }
  return batch;
}

async function reencryptRow(
  { tx, cipher, column }: Work,
  row: SealedRow,
): Promise<'changed' | 'current' | 'unreadable'> {
  const owner = { organizationUuid: asUuid(row.organization_uuid), endpointUuid: asUuid(row.uuid) };
  const resealed = resealOf(cipher, row.sealed, owner);
  if (typeof resealed === 'string') return resealed;
  await tx.$executeRaw(Prisma.sql`
    UPDATE ${Prisma.raw(column.table)} SET ${Prisma.raw(column.column)} = ${resealed} WHERE uuid = ${row.uuid}::uuid`);
  return 'changed';
}

function resealOf(
  cipher: ConfigCipher,
  ...sealed: Parameters<ConfigCipher['reseal']>
): Buffer | 'current' | 'unreadable' {
  try {
    return cipher.reseal(...sealed) ?? 'current';
  } catch {
    return 'unreadable';
  }
}
