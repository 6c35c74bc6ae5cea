import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, withClient } from '@eden/testkit';
import type { Run, Uuid } from '@eden/domain';
import type { ControlDatabase } from './control-database.js';
import { newControl } from './testing/control.js';
import { claimRun, queueRun, startRun } from './testing/runs.js';
import { createScene, type Scene } from './testing/tenants.js';

let url: string;
let control: ControlDatabase;
let scene: Scene;
let run: Run;

beforeAll(async () => {
  ({ url, control } = await newControl());
});

beforeEach(async () => {
  await sql('DELETE FROM outbox');
  await sql(`UPDATE runs SET state = 'failed', slot = NULL, owner = NULL, heartbeat_at = NULL, finished_at = now()
              WHERE slot IS NOT NULL`);
  scene = await createScene(control);
  run = await queueRun(scene, 'sync');
});

function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query(text, values)).rows as Record<string, unknown>[]);
}

/** As if the messages of the run had been written, and sent, an hour ago. */
async function age(): Promise<void> {
  await sql(
    `UPDATE outbox SET created_at = now() - interval '2 hours', sent_at = sent_at - interval '2 hours',
       claimed_until = claimed_until - interval '2 hours' WHERE run_uuid = $1`,
    [run.uuid],
  );
}

describe('messages', () => {
  it('go to one relay each, the oldest first', async () => {
    const others = await Promise.all(
      Array.from({ length: 9 }, async () => queueRun(await createScene(control), 'sync')),
    );
    const claims = await Promise.all(Array.from({ length: 5 }, () => control.outbox.claim(3, 60_000)));
    const claimed = claims.flat().map(({ runUuid }) => runUuid);
    expect(claimed).toHaveLength(new Set(claimed).size);
    expect(new Set(claimed)).toEqual(new Set([run, ...others].map(({ uuid }) => uuid)));
    expect(Math.max(...claims.map((claim) => claim.length))).toBeLessThanOrEqual(3);
    expect(await control.outbox.claim(10, 60_000)).toEqual([]);
  });

  // Protocol: I17
  it('come again when their relay did not say that it sent them', async () => {
    const first = await control.outbox.claim(10, 60_000);
    await age();
    expect(await control.outbox.claim(10, 60_000)).toEqual(first);
    await control.outbox.markSent(first.map(({ uuid }) => uuid));
    await age();
    expect(await control.outbox.claim(10, 60_000)).toEqual([]);
  });
});

describe('a run that was forgotten', () => {
  async function send(): Promise<void> {
    await control.outbox.markSent((await control.outbox.claim(10, 60_000)).map(({ uuid }) => uuid));
  }

  // Protocol: I17
  it('gets a new message when its last one is old, and only one', async () => {
    await send();
    expect(await control.outbox.requeueForgotten(60_000, [run.uuid])).toBe(0);
    await age();
    expect(await control.outbox.requeueForgotten(60_000, [run.uuid])).toBe(1);
    expect(await control.outbox.requeueForgotten(60_000, [run.uuid])).toBe(0);
    expect(await control.outbox.claim(10, 60_000)).toMatchObject([{ runUuid: run.uuid }]);
  });

  it('gets none while one is still waiting to be sent', async () => {
    await age();
    expect(await control.outbox.requeueForgotten(60_000, [run.uuid])).toBe(0);
  });

  it('gets one when the worker that claimed it died before it had the lock', async () => {
    await claimRun(scene, run);
    await send();
    await age();
    expect(await control.outbox.requeueForgotten(60_000, [run.uuid])).toBe(0);
    await sql(`UPDATE runs SET heartbeat_at = now() - interval '1 hour' WHERE uuid = $1`, [run.uuid]);
    expect(await control.outbox.requeueForgotten(60_000, [run.uuid])).toBe(1);
  });

  it('is named with its last message, and needs no other one while that waits in the queue', async () => {
    await send();
    await age();
    const [forgotten] = await control.outbox.forgotten(60_000);
    expect(forgotten).toMatchObject({ runUuid: run.uuid, lastMessage: expect.any(String) });
    await control.outbox.stillWaiting([forgotten?.lastMessage as Uuid]);
    expect(await control.outbox.forgotten(60_000)).toEqual([]);
    expect(await control.outbox.requeueForgotten(60_000, [run.uuid])).toBe(0);
    await age();
    expect(await control.outbox.forgotten(60_000)).toEqual([forgotten]);
  });

  it('gets none when it has started, or waits behind a sync', async () => {
    await queueRun(scene, 'migrate', 'behind');
    await startRun(scene, run);
    await send();
    await age();
    expect(await control.outbox.requeueForgotten(60_000, [run.uuid])).toBe(0);
  });
});

describe('a subscriber', () => {
  /** Calls so far; resolves when there is one more. */
  function calls(): { readonly next: () => Promise<void>; readonly call: () => void } {
    let resolve: () => void = () => undefined;
    return {
      next: () => new Promise<void>((done) => (resolve = done)),
      call: () => resolve(),
    };
  }

  it('is called at the start, after every message, and no more once it has left', async () => {
    let count = 0;
    const { next, call } = calls();
    const leave = await control.outbox.subscribe(() => {
      count += 1;
      call();
    });
    expect(count).toBe(1);
    const called = next();
    await queueRun(await createScene(control), 'sync');
    await called;
    await leave();
    const atLeaving = count;
    await queueRun(await createScene(control), 'sync');
    expect(count).toBe(atLeaving);
  });

  it('hears of messages again after its connection broke', async () => {
    const { next, call } = calls();
    const leave = await control.outbox.subscribe(call);
    const listening = `SELECT pid FROM pg_stat_activity WHERE application_name = 'eden-listen' AND query LIKE '%eden_outbox%'
                        AND datname = current_database()`;
    const pids = async () => (await sql(listening)).map(({ pid }) => pid);
    const [before] = await eventually(async () => {
      const found = await pids();
      expect(found).toHaveLength(1);
      return found;
    });
    await sql('SELECT pg_terminate_backend($1)', [before]);
    await eventually(async () => {
      const found = await pids();
      expect(found).toHaveLength(1);
      expect(found).not.toEqual([before]);
    });
    const called = next();
    await queueRun(await createScene(control), 'sync');
    await called;
    await leave();
  });
});

describe('a notification', () => {
  it('is sent for messages, one for each statement, and not for a statement that wrote none', async () => {
    await withClient(url, async (client) => {
      const heard: string[] = [];
      client.on('notification', ({ payload }) => heard.push(payload ?? ''));
      await client.query('LISTEN eden_outbox');
      const write = (rows: number) =>
        client.query(
          `INSERT INTO outbox (organization_uuid, run_uuid)
           SELECT organization_uuid, uuid FROM runs, generate_series(1, $2) WHERE uuid = $1`,
          [run.uuid, rows],
        );
      expect(await control.outbox.requeueForgotten(60_000, [run.uuid])).toBe(0);
      await write(0);
      await client.query(`NOTIFY eden_outbox, 'after none'`);
      expect(heard).toEqual(['after none']);
      await write(3);
      await client.query(`NOTIFY eden_outbox, 'after three'`);
      expect(heard).toEqual(['after none', '', 'after three']);
    });
  });
});

describe('the sweep', () => {
  it('removes what nobody needs any more, and nothing else', async () => {
    const { tenant } = scene;
    const { uuid: userUuid } = await tenant.store.user('root');
    await control.store.identity.revokeToken('expired', new Date(Date.now() - 1_000));
    await control.store.identity.revokeToken('live', new Date(Date.now() + 60_000));
    const keys = `INSERT INTO idempotency_keys (organization_uuid, user_uuid, key, request_hash, created_at)
                  VALUES ($1, $2, 'old', '', now() - interval '25 hours'), ($1, $2, 'new', '', now())`;
    await sql(keys, [tenant.uuid, userUuid]);
    const other = await queueRun(await createScene(control), 'sync');
    await control.outbox.markSent((await control.outbox.claim(10, 60_000)).map(({ uuid }) => uuid));
    await age();
    await control.outbox.sweep();
    expect(await sql('SELECT jti FROM revoked_tokens')).toEqual([{ jti: 'live' }]);
    expect(await sql('SELECT key FROM idempotency_keys')).toEqual([{ key: 'new' }]);
    const left = await sql('SELECT run_uuid FROM outbox WHERE run_uuid = ANY($1)', [[run.uuid, other.uuid]]);
    expect(left).toEqual([{ run_uuid: other.uuid }]);
  });
});
