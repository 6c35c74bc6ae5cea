import { randomBytes } from 'node:crypto';
import type { ProofSighting } from '@eden/domain';
import type { ClientBase } from 'pg';
import { readSql } from './sql.js';

const FIND_PROOF = readSql('find-proof');

/** No database but one holds it: a copy may have brought the locks of prepared transactions along, but not this one. */
export function newProof(): string {
  return randomBytes(8).readBigInt64BE().toString();
}

/** Takes it, to the end of the transaction. */
export function holdProofSql(proof: string): string {
  return `SELECT pg_catalog.pg_advisory_xact_lock(${BigInt(proof)})`;
}

/** Asks the database of this session. */
export async function findProof(client: ClientBase, proof: string, answerTimeoutMs: number): Promise<ProofSighting> {
  // The driver takes the bound per query, too; its types know it of sessions only.
  const query = { text: FIND_PROOF, values: [proof], query_timeout: answerTimeoutMs };
  const { rows } = await client.query<{ standby: boolean; held: boolean }>(query);
  if (rows[0]?.standby === true) return 'on a standby';
  return rows[0]?.held === true ? 'held' : 'not held';
}
