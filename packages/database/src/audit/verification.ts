import { asUuid, type AuditFinding, type AuditPosition, type AuditVerification, type Uuid } from '@eden/domain';
import type { Client } from '../client.js';
import { Prisma } from '../generated/client.js';

/** What one statement looks through: far below what the statements of this database may take. */
const LOOKED_AT_ONCE = 5_000;
const MOST_LISTED = 100;

/** An entry is dated by the database when it is written, and linked at once: links go forward in time, but for a clock that was set back. */
const CLOCK_SET_BACK = Prisma.sql`interval '10 minutes'`;

interface Head {
  readonly position: bigint;
  readonly hash: string;
  readonly checkpoint_position: bigint;
  readonly checkpoint_hash: string;
  readonly checkpoint_at: Date | null;
  /** Whether the chain has the entry that retention leaves behind. */
  readonly checkpoint_told: boolean;
}

interface Found {
  readonly kind: AuditFinding['kind'];
  readonly position: number | null;
  readonly entry: string | null;
  readonly details: string;
}

/** Collects; lists the first of them only. */
class Findings {
  readonly listed: AuditFinding[] = [];
  further = 0;

  add(...found: readonly Found[]): void {
    for (const { entry, ...finding } of found) {
      if (this.listed.length === MOST_LISTED) this.further += 1;
      else this.listed.push({ ...finding, entry: entry === null ? null : asUuid(entry) });
    }
  }
}

/**
 * Looks through the chain of an organization, from its checkpoint to its head, and for entries beside it. In pages: it may
 * be as long as it likes, and nobody who writes is held up.
 */
export async function verifyAudit(
  client: Client,
  organization: Uuid,
  known: AuditPosition | null,
): Promise<AuditVerification> {
  const findings = new Findings();
  const head = await readHead(client, organization);
  if (head.checkpoint_position > 0 && !head.checkpoint_told) findings.add(untoldCheckpoint(head));
  const links = await followLinks(client, organization, head, findings);
  findings.add(...(await findKnown(client, organization, { known, head })));
  await findUnlinked(client, organization, findings);
  const now = await readHead(client, organization);
  return {
    links,
    waiting: await countWaiting(client, organization, findings),
    head: { position: Number(head.position), hash: head.hash },
    checkpoint: checkpointOf(now),
    // What retention has taken away meanwhile is not missing.
    findings: findings.listed.filter(({ position }) => position === null || position > Number(now.checkpoint_position)),
    furtherFindings: findings.further,
  };
}

function checkpointOf({ checkpoint_position, checkpoint_hash, checkpoint_at }: Head): AuditVerification['checkpoint'] {
  if (checkpoint_at === null) return null;
  return { position: Number(checkpoint_position), hash: checkpoint_hash, at: checkpoint_at };
}

/** Of an organization without an entry there is none yet. */
async function readHead(client: Client, organization: Uuid): Promise<Head> {
  const [head] = await client.$queryRaw<Head[]>(Prisma.sql`
    SELECT position, encode(hash, 'hex') AS hash, checkpoint_position, encode(checkpoint_hash, 'hex') AS checkpoint_hash,
           checkpoint_at,
           EXISTS (
             SELECT FROM audit a
              WHERE a.organization_uuid = h.organization_uuid AND a.action = 'audit.prune'
                AND a.data->>'position' = h.checkpoint_position::text
                AND a.data->>'hash' = encode(h.checkpoint_hash, 'hex')) AS checkpoint_told
      FROM audit_heads h WHERE organization_uuid = ${organization}::uuid`);
  if (head !== undefined) return head;
  const [seed] = await client.$queryRaw<[{ hash: string }]>(
    Prisma.sql`SELECT encode(eden_audit_seed(${organization}::uuid), 'hex') AS hash`,
  );
  const none = { position: 0n, checkpoint_position: 0n, checkpoint_at: null, checkpoint_told: true };
  return { ...none, hash: seed.hash, checkpoint_hash: seed.hash };
}

function untoldCheckpoint({ checkpoint_position }: Head): Found {
  const details = `Everything up to position ${checkpoint_position} is gone, and no entry of retention says so`;
  return { kind: 'removed', position: null, entry: null, details };
}

interface LinkPage {
  readonly links: number;
  readonly last_position: bigint | null;
  readonly last_hash: string | null;
  readonly found: readonly Found[];
}

async function followLinks(client: Client, organization: Uuid, head: Head, findings: Findings): Promise<number> {
  let at = { position: head.checkpoint_position, hash: head.checkpoint_hash };
  let links = 0;
  while (at.position < head.position) {
    const page = await readLinks(client, organization, { at, until: head.position });
    findings.add(...page.found);
    links += page.links;
    if (page.last_position === null || page.last_hash === null) break;
    at = { position: page.last_position, hash: page.last_hash };
  }
  if (at.position < head.position) {
    const details = `The links from position ${at.position + 1n} to ${head.position}, the end of the chain, are gone`;
    findings.add({ kind: 'removed', position: Number(at.position) + 1, entry: null, details });
  } else if (at.hash !== head.hash) {
    const details = 'The last link is not the one that the chain ends with';
    findings.add({ kind: 'changed', position: Number(head.position), entry: null, details });
  }
  return links;
}

interface Stretch {
  /** The link before. */
  readonly at: { readonly position: bigint; readonly hash: string };
  readonly until: bigint;
}

async function readLinks(client: Client, organization: Uuid, { at, until }: Stretch): Promise<LinkPage> {
  const [page] = await client.$queryRaw<[LinkPage]>(Prisma.sql`
    WITH links AS (
      SELECT l.position, l.hash, l.entry_uuid, entry,
             lag(l.position, 1, ${at.position}::bigint) OVER chain AS previous_position,
             lag(l.hash, 1, decode(${at.hash}, 'hex')) OVER chain AS previous_hash,
             lag(entry.created_at) OVER chain AS previous_at
        FROM (
          SELECT * FROM audit_links
           WHERE organization_uuid = ${organization}::uuid AND position > ${at.position}::bigint AND position <= ${until}::bigint
           ORDER BY position LIMIT ${LOOKED_AT_ONCE}) l
        LEFT JOIN audit entry ON entry.uuid = l.entry_uuid AND entry.organization_uuid = l.organization_uuid
      WINDOW chain AS (ORDER BY l.position)),
    findings AS (
      SELECT position, CASE WHEN position > previous_position + 1 THEN NULL ELSE entry_uuid END AS entry,
             CASE
               WHEN position > previous_position + 1 THEN 'removed'
               WHEN (entry).uuid IS NULL THEN 'removed'
               WHEN hash <> eden_audit_hash(previous_hash, position, entry) THEN 'changed'
               WHEN (entry).created_at < previous_at - ${CLOCK_SET_BACK} THEN 'inserted'
             END AS kind,
             CASE
               WHEN position > previous_position + 1
                 THEN format('The links from position %s to %s are gone', previous_position + 1, position - 1)
               WHEN (entry).uuid IS NULL THEN 'The entry at this position is gone'
               WHEN hash <> eden_audit_hash(previous_hash, position, entry)
                 THEN 'The entry at this position, or the link, was changed'
               ELSE 'The entry at this position is dated before the one that it follows'
             END AS details
        FROM links)
    SELECT (SELECT count(*)::int FROM links) AS links,
           (SELECT max(position) FROM links) AS last_position,
           (SELECT encode(hash, 'hex') FROM links ORDER BY position DESC LIMIT 1) AS last_hash,
           coalesce((SELECT json_agg(f ORDER BY position) FROM findings f WHERE kind IS NOT NULL), '[]') AS found`);
  return page;
}

/** Whether what was the end of the chain at an earlier time is a link of it. */
async function findKnown(
  client: Client,
  organization: Uuid,
  { known, head }: { readonly known: AuditPosition | null; readonly head: Head },
): Promise<readonly Found[]> {
  if (known === null || known.position < head.checkpoint_position) return [];
  const isCheckpoint = known.hash === head.checkpoint_hash && BigInt(known.position) === head.checkpoint_position;
  const [link] = await client.$queryRaw<{ hash: string }[]>(Prisma.sql`
    SELECT encode(hash, 'hex') AS hash FROM audit_links
     WHERE organization_uuid = ${organization}::uuid AND position = ${known.position}::bigint`);
  if (isCheckpoint || link?.hash === known.hash) return [];
  const details = 'The chain that was known does not lead here: it was written anew, or cut off';
  return [{ kind: 'rewritten', position: known.position, entry: null, details }];
}

/** Entries that were written past the triggers. */
async function findUnlinked(client: Client, organization: Uuid, findings: Findings): Promise<void> {
  let after: { readonly at: Date; readonly uuid: string } | null = null;
  do {
    const rows: UnlinkedRow[] = await readUnlinked(client, organization, after);
    const unlinked = rows.filter(({ linked }) => !linked);
    const details = 'The entry has no place in the chain: it was not written by the service';
    findings.add(...unlinked.map(({ uuid }) => ({ kind: 'inserted' as const, position: null, entry: uuid, details })));
    after = rows.length < LOOKED_AT_ONCE ? null : (rows.at(-1) ?? null);
  } while (after !== null);
}

interface UnlinkedRow {
  readonly uuid: string;
  readonly at: Date;
  readonly linked: boolean;
}

function readUnlinked(
  client: Client,
  organization: Uuid,
  after: { readonly at: Date; readonly uuid: string } | null,
): Promise<UnlinkedRow[]> {
  const behind =
    after === null
      ? Prisma.sql`true`
      : Prisma.sql`(a.created_at, a.uuid) > (${after.at}::timestamptz, ${after.uuid}::uuid)`;
  return client.$queryRaw<UnlinkedRow[]>(Prisma.sql`
    SELECT a.uuid, a.created_at AS at, l.entry_uuid IS NOT NULL AS linked
      FROM audit a
      LEFT JOIN audit_links l ON l.entry_uuid = a.uuid AND l.organization_uuid = a.organization_uuid
     WHERE a.organization_uuid = ${organization}::uuid AND ${behind}
     ORDER BY a.created_at, a.uuid LIMIT ${LOOKED_AT_ONCE}`);
}

/** Entries may be waiting; links without entries may not. */
async function countWaiting(client: Client, organization: Uuid, findings: Findings): Promise<number> {
  const [{ waiting, gone }] = await client.$queryRaw<[{ waiting: number; gone: readonly string[] }]>(Prisma.sql`
    SELECT count(*)::int AS waiting,
           coalesce(array_agg(l.entry_uuid::text) FILTER (WHERE a.uuid IS NULL), '{}') AS gone
      FROM audit_links l LEFT JOIN audit a ON a.uuid = l.entry_uuid
     WHERE l.organization_uuid = ${organization}::uuid AND l.position IS NULL`);
  const details = 'The entry went before it had a place in the chain';
  findings.add(...gone.map((entry) => ({ kind: 'removed' as const, position: null, entry, details })));
  return waiting - gone.length;
}
