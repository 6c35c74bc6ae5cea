import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { atEndOfFile, withClient } from '@eden/testkit';
import type { AuditFinding, AuditLog, AuditRecord } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { newControl, openControl } from '../testing/control.js';
import { attach, createScene, createTenant, type Tenant } from '../testing/tenants.js';
import { carryOut, sync } from '../testing/runs.js';

const LINKS = 1_000;
const PAGE = { limit: 200, cursor: null };
const ORIGIN = { address: '192.0.2.7', requestId: 'a request' };

let url: string;
let control: ControlDatabase;
let tenant: Tenant;
let log: AuditLog;

beforeAll(async () => {
  ({ url, control } = await newControl());
});

beforeEach(async () => {
  tenant = await createTenant(control);
  log = control.store.audit(tenant.uuid);
});

function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query(text, values)).rows as Record<string, unknown>[]);
}

/** As somebody who owns the server: past every trigger and foreign key. */
function tamper(text: string, values: unknown[] = []): Promise<unknown> {
  return withClient(url, async (client) => {
    await client.query('SET session_replication_role = replica');
    await client.query(text, values);
  });
}

function append(subject: string, actor = 'ann'): Promise<void> {
  return log.append({ actor, action: 'api.update', subject, data: { fields: ["it's", 1, null] }, origin: ORIGIN });
}

async function appendAll(count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) await append(`api-${n}`);
}

async function entries(): Promise<readonly AuditRecord[]> {
  return (await log.entries({}, PAGE)).items;
}

async function positions(): Promise<readonly (number | undefined)[]> {
  return (await entries()).map(({ link }) => link?.position);
}

/** What a verification finds, in short. */
async function findings(): Promise<readonly (readonly [AuditFinding['kind'], number | null])[]> {
  return (await log.verify(null)).findings.map(({ kind, position }) => [kind, position]);
}

describe('the chain', () => {
  beforeEach(async () => {
    // The making of the organization has the first place.
    await control.auditChains.link(LINKS);
  });

  it('links what was committed, once and without a gap, whoever writes and links at once', async () => {
    const linkers = Array.from({ length: 3 }, () => openControl(url));
    for (const linker of linkers) atEndOfFile(() => linker.close());
    let writing = true;
    const linking = linkers.map(async ({ auditChains }) => {
      while (writing) await auditChains.link(3);
    });
    await Promise.all(Array.from({ length: 60 }, (_, n) => append(`api-${n}`)));
    writing = false;
    await Promise.all(linking);
    while ((await control.auditChains.link(LINKS)) > 0);
    expect((await positions()).toSorted((a = 0, b = 0) => a - b)).toEqual(Array.from({ length: 61 }, (_, n) => n + 1));
    expect(await log.verify(null)).toMatchObject({ links: 61, waiting: 0, findings: [], head: { position: 61 } });
  });

  it('waits for no writer, and no writer for it: what commits later is linked later', async () => {
    await withClient(url, async (writer) => {
      await writer.query('BEGIN');
      await writer.query(
        `INSERT INTO audit (uuid, organization_uuid, actor, action, subject, data, created_at)
         VALUES ($1, $2, 'ann', 'api.update', 'late', '{}', '2001-01-01')`,
        [randomUUID(), tenant.uuid],
      );
      await append('early');
      expect(await control.auditChains.link(LINKS)).toBe(1);
      await writer.query('COMMIT');
    });
    await withClient(url, async (linker) => {
      await linker.query('BEGIN');
      await linker.query('SELECT eden_chain_audit(1)');
      await append('meanwhile');
      expect(await control.auditChains.link(LINKS)).toBe(0);
      await linker.query('COMMIT');
    });
    await control.auditChains.link(LINKS);
    const { items } = await log.entries({}, PAGE);
    expect(new Map(items.map(({ subject, link }) => [subject, link?.position]))).toEqual(
      new Map([
        [tenant.id, 1],
        ['early', 2],
        ['late', 3],
        ['meanwhile', 4],
      ]),
    );
    expect(items.every(({ at }) => at.getFullYear() > 2001)).toBe(true);
    expect(await log.verify(null)).toMatchObject({ links: 4, findings: [] });
  });

  it('tells what waits for its place', async () => {
    await appendAll(2);
    expect(await log.verify(null)).toMatchObject({ links: 1, waiting: 2, head: { position: 1 }, findings: [] });
    await control.auditChains.link(LINKS);
    expect(await log.verify(null)).toMatchObject({ links: 3, waiting: 0, head: { position: 3 }, findings: [] });
  });

  it('has every step of a run, by whom and where', async () => {
    const scene = await createScene(control);
    await attach(scene);
    await sync(scene);
    await carryOut(scene, 'migrate');
    const { items } = await control.store.audit(scene.tenant.uuid).entries({ subject: 'v2' }, PAGE);
    const steps = items.toReversed().map(({ action, result }) => `${action} ${result}`);
    expect(steps).toEqual([
      'run.queued success',
      'run.started success',
      'run.finished succeeded',
      'run.queued success',
      'run.started success',
      'run.commit_decided success',
      'run.finished succeeded',
    ]);
    expect(items.every(({ actor }) => actor === 'root')).toBe(true);
    expect(items.find(({ action }) => action === 'run.started')?.origin).toMatch(/.{36}/);
    expect(items.at(-1)?.data).toMatchObject({ kind: 'sync', sequence: 1, event: { slot: 'active' } });
  });
});

describe('who tampers', () => {
  const OF_POSITION = `SELECT entry_uuid FROM audit_links WHERE organization_uuid = $1 AND position = $2`;
  const CUT = `DELETE FROM audit_links WHERE organization_uuid = $1 AND position >= $2`;

  beforeEach(async () => {
    await appendAll(8);
    await control.auditChains.link(LINKS);
  });

  it.each([
    ['changes what was done', `UPDATE audit SET subject = 'other' WHERE uuid = (${OF_POSITION})`, [['changed', 4]]],
    ['changes who did it', `UPDATE audit SET actor = 'bob' WHERE uuid = (${OF_POSITION})`, [['changed', 4]]],
    ['changes the details', `UPDATE audit SET data = '{}' WHERE uuid = (${OF_POSITION})`, [['changed', 4]]],
    ['changes the result', `UPDATE audit SET result = 'x' WHERE uuid = (${OF_POSITION})`, [['changed', 4]]],
    ['changes from where', `UPDATE audit SET origin = NULL WHERE uuid = (${OF_POSITION})`, [['changed', 4]]],
    [
      'changes a link',
      `UPDATE audit_links SET hash = sha256('x') WHERE entry_uuid = (${OF_POSITION})`,
      [
        ['changed', 4],
        ['changed', 5],
      ],
    ],
    ['removes an entry', `DELETE FROM audit WHERE uuid = (${OF_POSITION})`, [['removed', 4]]],
    [
      'removes an entry with its link',
      `WITH gone AS (DELETE FROM audit_links WHERE organization_uuid = $1 AND position = $2 RETURNING entry_uuid)
       DELETE FROM audit USING gone WHERE uuid = entry_uuid`,
      [['removed', 5]],
    ],
    [
      'removes the newest',
      `WITH gone AS (${CUT} RETURNING entry_uuid) DELETE FROM audit USING gone WHERE uuid = entry_uuid`,
      [['removed', 4]],
    ],
    [
      'gives an entry to another organization',
      `UPDATE audit SET organization_uuid = (SELECT uuid FROM organizations WHERE uuid <> $1 LIMIT 1)
        WHERE uuid = (${OF_POSITION})`,
      [['removed', 4]],
    ],
    [
      'adds one',
      `INSERT INTO audit (uuid, organization_uuid, actor, action, subject, data)
       SELECT gen_random_uuid(), $1, 'ann', 'api.create', 'forged', '{}' WHERE $2::int = 4`,
      [['inserted', null]],
    ],
    [
      'adds one behind the end, with a date of before',
      `WITH forged AS (
         INSERT INTO audit (uuid, organization_uuid, actor, action, subject, data, created_at)
         SELECT gen_random_uuid(), $1, 'ann', 'api.create', 'forged', '{}', now() - $2 * interval '1 day' RETURNING audit),
       linked AS (
         INSERT INTO audit_links (entry_uuid, organization_uuid, position, hash)
         SELECT (audit).uuid, $1, h.position + 1, eden_audit_hash(h.hash, h.position + 1, audit)
           FROM forged, audit_heads h WHERE h.organization_uuid = $1 RETURNING position, hash)
       UPDATE audit_heads h SET position = linked.position, hash = linked.hash FROM linked WHERE organization_uuid = $1`,
      [['inserted', 10]],
    ],
    [
      'takes the beginning away as retention does',
      `WITH gone AS (DELETE FROM audit_links WHERE organization_uuid = $1 AND position <= $2 RETURNING *),
            head AS (UPDATE audit_heads SET checkpoint_position = $2, checkpoint_at = now(), checkpoint_hash = (
                       SELECT hash FROM gone WHERE position = $2) WHERE organization_uuid = $1)
       DELETE FROM audit USING gone WHERE uuid = entry_uuid`,
      [],
    ],
  ])('is found when he %s', async (_, statement, found) => {
    expect(await findings()).toEqual([]);
    await tamper(statement, [tenant.uuid, 4]);
    const { findings: told, checkpoint } = await log.verify(null);
    // What is gone behind a checkpoint that nobody told of stands at no position that is left.
    if (found.length === 0) expect(checkpoint).toMatchObject({ position: 4 });
    expect(told.map(({ kind, position }) => [kind, position])).toEqual(
      found.length === 0 ? [['removed', null]] : found,
    );
  });

  it('is found when he writes the whole chain anew, by whoever has kept its end', async () => {
    const { head } = await log.verify(null);
    await append('later');
    await control.auditChains.link(LINKS);
    expect((await log.verify(head)).findings).toEqual([]);
    await tamper(`UPDATE audit SET actor = 'bob' WHERE organization_uuid = $1 AND subject = 'api-3'`, [tenant.uuid]);
    await tamper(`UPDATE audit_links SET position = NULL, hash = NULL WHERE organization_uuid = $1`, [tenant.uuid]);
    await tamper(`DELETE FROM audit_heads WHERE organization_uuid = $1`, [tenant.uuid]);
    await control.auditChains.link(LINKS);
    expect(await findings()).toEqual([]);
    expect((await log.verify(head)).findings).toMatchObject([{ kind: 'rewritten', position: 9 }]);
  });

  it.each([
    `UPDATE audit SET actor = 'bob'`,
    `DELETE FROM audit`,
    `TRUNCATE audit CASCADE`,
    `UPDATE audit_links SET hash = sha256('x')`,
    `UPDATE audit_links SET position = NULL, hash = NULL`,
    `DELETE FROM audit_links`,
    `TRUNCATE audit_links`,
    `INSERT INTO audit_links (entry_uuid, organization_uuid, position, hash)
     SELECT uuid, organization_uuid, 100, sha256('x') FROM audit`,
    `UPDATE audit_heads SET hash = sha256('x')`,
    `UPDATE audit_heads SET position = 1`,
    `UPDATE audit_heads SET checkpoint_position = position`,
    `DELETE FROM audit_heads`,
    `TRUNCATE audit_heads`,
  ])('is refused: %s', async (statement) => {
    await expect(sql(statement)).rejects.toMatchObject({ code: '23001' });
  });
});

describe('retention', () => {
  /** As if they had been written so long ago. The chain follows: it is linked afterwards. */
  async function appendOld(count: number, days: number): Promise<void> {
    await appendAll(count);
    await tamper(
      `UPDATE audit SET created_at = now() - $2 * interval '1 day' WHERE organization_uuid = $1 AND uuid IN (
         SELECT entry_uuid FROM audit_links WHERE position IS NULL)`,
      [tenant.uuid, days],
    );
    await control.auditChains.link(LINKS);
  }

  it('takes the oldest away, leaves a checkpoint and an entry, and the rest is verified as before', async () => {
    await appendOld(5, 40);
    await appendOld(3, 20);
    const { head } = await log.verify(null);
    expect(await control.auditChains.prune(30, 2)).toBe(2);
    expect(await control.auditChains.prune(30, 100)).toBe(0);
    await sql(`UPDATE audit_heads SET checkpoint_at = now() - interval '2 days' WHERE organization_uuid = $1`, [
      tenant.uuid,
    ]);
    expect(await control.auditChains.prune(30, 100)).toBe(4);
    await control.auditChains.link(LINKS);
    const verified = await log.verify(head);
    expect(verified).toMatchObject({ links: 5, findings: [], checkpoint: { position: 6 }, head: { position: 11 } });
    expect((await entries()).filter(({ action }) => action === 'audit.prune')).toMatchObject([
      { actor: 'retention', data: { position: 6, entries: 4, hash: verified.checkpoint?.hash } },
      { data: { position: 2, entries: 2 } },
    ]);
    await tamper(`UPDATE audit SET actor = 'bob' WHERE organization_uuid = $1 AND subject = 'api-1'`, [tenant.uuid]);
    expect(await findings()).toEqual([['changed', 7]]);
  });

  it('keeps everything of the last day, whatever it is told', async () => {
    await appendOld(1, 40);
    await expect(control.auditChains.prune(0, 100)).rejects.toThrow('for a day at least');
  });
});

describe('a process with a role of its own', () => {
  /** What the how-to runs, with a role of this test's. */
  function grants(role: string): string {
    const statements = readFileSync('prisma/application-role.sql', 'utf8').replaceAll(':"role"', role);
    return `CREATE ROLE ${role} LOGIN PASSWORD 'a-password'; ${statements}`;
  }

  it('works as before, and cannot touch what is written', async () => {
    const role = `app_${randomUUID().slice(0, 8)}`;
    await sql(grants(role));
    const own = new URL(url);
    own.username = role;
    own.password = 'a-password';
    const app = openControl(own.toString());
    atEndOfFile(() => app.close());
    const scene = await createScene(app);
    await attach(scene);
    await sync(scene);
    await app.store.audit(scene.tenant.uuid).append({ actor: 'ann', action: 'auth.login', subject: 'ann', data: {} });
    while ((await app.auditChains.link(LINKS)) > 0);
    await app.auditChains.prune(1, 100);
    expect(await app.store.audit(scene.tenant.uuid).verify(null)).toMatchObject({ findings: [], waiting: 0 });
    const touches = [
      `UPDATE audit SET actor = 'bob'`,
      'DELETE FROM audit',
      'TRUNCATE audit CASCADE',
      'UPDATE audit_links SET position = 1',
      'DELETE FROM audit_links',
      'UPDATE audit_heads SET position = 1',
      'ALTER TABLE audit DISABLE TRIGGER ALL',
      'SET session_replication_role = replica',
    ];
    await withClient(own.toString(), async (client) => {
      for (const statement of touches) {
        await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
      }
    });
  });
});
