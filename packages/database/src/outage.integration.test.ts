import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startTcpProxy, withClient, type TcpProxy } from '@eden/testkit';
import type { ControlDatabase } from './control-database.js';
import { adoptPlace } from './places/adoption.js';
import { newControl, openControl } from './testing/control.js';
import { queueRun } from './testing/runs.js';
import { createScene, type Scene } from './testing/tenants.js';

/** The ports' promise, and what a busy machine may add to it. */
const BOUND_MS = 2_000;
const SLACK_MS = 500;

let url: string;
let proxy: TcpProxy;
let direct: ControlDatabase;
let control: ControlDatabase;
let scene: Scene;

beforeAll(async () => {
  ({ url, control: direct } = await newControl());
  proxy = await startTcpProxy(Number(new URL(url).port));
  const through = new URL(url);
  through.port = String(proxy.port);
  await adoptPlace({ url: through.toString() });
  control = openControl(through.toString());
  scene = await createScene(control);
});

afterAll(() => control.close());

async function expectUnavailable(call: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await expect(call()).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    context: { details: 'The control database does not answer' },
  });
  expect(performance.now() - startedAt).toBeLessThan(BOUND_MS + SLACK_MS);
}

function insertOrganization(id: string): Promise<unknown> {
  return control.store.identity.createOrganization({ id, description: null, superAdmins: [] });
}

function authenticate({ store }: ControlDatabase): Promise<unknown> {
  return store.identity.authenticate(scene.migration.uuid, 'jti', new Date());
}

/** A few of each sort: a read, a raw query, a transaction. */
function calls(): (() => Promise<unknown>)[] {
  return [
    () => scene.tenant.store.migration('v2'),
    () => control.store.check(),
    () => authenticate(control),
    // Has to wait for the one before, and must not wait twice as long.
    () => authenticate(control),
    () => insertOrganization('never'),
    () => control.journal.abandoned(1_000),
    () => control.outbox.claim(1, 1_000),
  ];
}

describe('a control database that is away', () => {
  it('that resets its connections fails what was under way, and is back with the next call', async () => {
    await control.store.check();
    proxy.cut();
    await eventually(() => control.store.check());
  });

  it('that answers nothing fails every call in time, and is back as soon as it answers', async () => {
    await Promise.all(calls().map((call) => call().catch(() => undefined)));
    proxy.pause();
    await Promise.all(calls().map(expectUnavailable));
    for (const call of calls().slice(0, 2)) await expectUnavailable(call);
    proxy.resume();
    await eventually(() => control.store.check());
    expect((await scene.tenant.store.migration('v2')).uuid).toBe(scene.migration.uuid);
  });

  it.each([
    ['refuses connections', '127.0.0.1:1'],
    ['has no address (any more)', 'control.invalid'],
  ])('that %s fails every call at once', async (_, host) => {
    const nowhere = openControl(`postgresql://nobody:secret@${host}/none`);
    try {
      await expectUnavailable(() => nowhere.store.check());
      await expectUnavailable(() => nowhere.store.identity.findLogin('a', 'b'));
      await expectUnavailable(() => authenticate(nowhere));
      await expectUnavailable(() => nowhere.store.organization(scene.tenant.uuid).transact(() => Promise.resolve()));
    } finally {
      await nowhere.close();
    }
  });

  it('never loses a write that was confirmed after it had hung within a transaction', async () => {
    const hanging = scene.tenant.store.transact(async (tx) => {
      await tx.users({ limit: 1, cursor: null });
      proxy.pause();
      await tx.users({ limit: 1, cursor: null });
    });
    await expect(hanging).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    proxy.resume();
    await eventually(() => control.store.check());
    for (let index = 0; index < 12; index += 1) await control.store.identity.revokeToken(`t${index}`, new Date());
    const { rows } = await withClient(url, (client) =>
      client.query('SELECT count(*)::int AS kept FROM revoked_tokens'),
    );
    expect(rows).toEqual([{ kept: 12 }]);
  });

  it('that makes a call wait for a lock gives up on it in time', async () => {
    const { uuid } = scene.migration;
    await withClient(url, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT FROM migrations WHERE uuid = $1 FOR UPDATE', [uuid]);
      await expectUnavailable(() => queueRun(scene, 'sync'));
      await client.query('ROLLBACK');
    });
    await queueRun(scene, 'sync');
  });

  it('says nothing of where it is', async () => {
    const nowhere = openControl('postgresql://nobody:secret@127.0.0.1:1/none');
    const error: unknown = await nowhere.store.check().catch((thrown: unknown) => thrown);
    await nowhere.close();
    const { message, context } = error as { message: string; context: unknown };
    expect(JSON.stringify({ message, context })).not.toMatch(/secret|127\.0\.0\.1/);
  });
});
