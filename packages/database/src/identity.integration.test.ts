import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, withClient } from '@eden/testkit';
import { asUuid, type AccessLevel, type IdentityStore, type NewUser, type Subject } from '@eden/domain';
import type { ControlDatabase } from './control-database.js';
import { newControl } from './testing/control.js';
import { createTenant, type Tenant } from './testing/tenants.js';

let url: string;
let control: ControlDatabase;
let identity: IdentityStore;
let tenant: Tenant;

beforeAll(async () => {
  ({ url, control } = await newControl());
  ({ identity } = control.store);
});

beforeEach(async () => {
  tenant = await createTenant(control);
});

function user(username: string, accessLevel: AccessLevel = 'Read'): NewUser {
  return { username, description: null, accessLevel, passwordHash: `hash of ${username}` };
}

async function root(): Promise<Subject> {
  return (await identity.findLogin(tenant.id, 'root'))!.subject;
}

describe('an organization', () => {
  it('has an id of its own', async () => {
    const again = identity.createOrganization({ id: tenant.id, description: null, superAdmins: [] });
    await expect(again).rejects.toMatchObject({ code: 'ORGANIZATION_EXISTS' });
  });

  it('does not come without its users', async () => {
    const id = randomUUID();
    const twins = { id, description: 'Acme', superAdmins: [user('a', 'SuperAdmin'), user('a', 'SuperAdmin')] };
    await expect(identity.createOrganization(twins)).rejects.toMatchObject({ code: 'USER_EXISTS' });
    expect(await identity.findLogin(id, 'a')).toBeNull();
  });
});

describe('a login', () => {
  it('is found by the id or uuid of the organization', async () => {
    const login = await identity.findLogin(tenant.id, 'root');
    expect(login).toEqual({
      passwordHash: '#',
      subject: {
        organizationUuid: tenant.uuid,
        organizationId: tenant.id,
        userUuid: (await tenant.store.user('root')).uuid,
        username: 'root',
        level: 'SuperAdmin',
      },
    });
    expect(await identity.findLogin(tenant.uuid, 'root')).toEqual(login);
    expect(await identity.findLogin(tenant.id, 'nobody')).toBeNull();
    expect(await identity.findLogin('nowhere', 'root')).toBeNull();
  });

  it('cannot be lured away by an organization that calls itself like the uuid of another', async () => {
    await identity.createOrganization({
      id: tenant.uuid,
      description: null,
      superAdmins: [user('root', 'SuperAdmin')],
    });
    expect((await identity.findLogin(tenant.uuid, 'root'))?.passwordHash).toBe('#');
  });
});

describe('a token', () => {
  it('is worth what its user is worth now', async () => {
    const ann = await tenant.store.transact((tx) => tx.insertUser(user('ann', 'Write')));
    expect(await identity.authenticate(ann.uuid, 'jti', new Date())).toMatchObject({ username: 'ann', level: 'Write' });
    await tenant.store.transact((tx) => tx.updateUser(ann.uuid, { accessLevel: 'Read' }));
    expect(await identity.authenticate(ann.uuid, 'jti', new Date())).toMatchObject({ level: 'Read' });
    await tenant.store.transact((tx) => tx.deleteUser(ann.uuid));
    expect(await identity.authenticate(ann.uuid, 'jti', new Date())).toBeNull();
    expect(await identity.authenticate(asUuid(randomUUID()), 'jti', new Date())).toBeNull();
  });

  it('is worth nothing once the password was changed after its login', async () => {
    const ann = await tenant.store.transact((tx) => tx.insertUser(user('ann', 'Write')));
    const before = await identity.now();
    await tenant.store.transact((tx) => tx.updateUser(ann.uuid, { description: 'x', accessLevel: 'Read' }));
    expect(await identity.authenticate(ann.uuid, 'jti', before)).not.toBeNull();
    await tenant.store.transact((tx) => tx.updateUser(ann.uuid, { passwordHash: 'another' }));
    const after = await identity.now();
    expect(await identity.authenticate(ann.uuid, 'jti', before)).toBeNull();
    expect(await identity.authenticate(ann.uuid, 'another', after)).not.toBeNull();
    const others = await root();
    expect(await identity.authenticate(others.userUuid, 'jti', before)).not.toBeNull();
  });

  it('is worth nothing once it is revoked, however often', async () => {
    const { userUuid } = await root();
    const [jti, other] = [randomUUID(), randomUUID()];
    const expiresAt = new Date(Date.now() + 60_000);
    await identity.revokeToken(jti, expiresAt);
    await identity.revokeToken(jti, expiresAt);
    expect(await identity.authenticate(userUuid, jti, new Date())).toBeNull();
    expect(await identity.authenticate(userUuid, other, new Date())).not.toBeNull();
  });
});

describe('requests that come together', () => {
  it('share a query, each with its own answer', async () => {
    const { userUuid } = await root();
    const [jti, revoked] = [randomUUID(), randomUUID()];
    await identity.revokeToken(revoked, new Date(Date.now() + 60_000));
    const asked = [
      identity.authenticate(userUuid, jti, new Date()),
      identity.authenticate(userUuid, revoked, new Date()),
      identity.authenticate(userUuid, jti, new Date()),
      identity.authenticate(asUuid(randomUUID()), jti, new Date()),
    ];
    const found = expect.objectContaining({ userUuid, level: 'SuperAdmin' });
    expect(await Promise.all(asked)).toEqual([found, null, found, null]);
  });

  it('never share one that began before they came', async () => {
    const { userUuid } = await root();
    const jti = randomUUID();
    const { early, late } = await whileUsersAreLocked(async () => {
      const early = identity.authenticate(userUuid, randomUUID(), new Date());
      await eventually(async () => expect(await waitingQueries()).toBe(1));
      const late = [identity.authenticate(userUuid, jti, new Date()), identity.authenticate(userUuid, jti, new Date())];
      await identity.revokeToken(jti, new Date(Date.now() + 60_000));
      late.push(identity.authenticate(userUuid, jti, new Date()));
      expect(await waitingQueries()).toBe(1);
      return { early, late };
    });
    expect(await early).not.toBeNull();
    expect(await Promise.all(late)).toEqual([null, null, null]);
  });
});

/** Queries that read users wait until `work` has answered. */
function whileUsersAreLocked<T>(work: () => Promise<T>): Promise<T> {
  return withClient(url, async (client) => {
    await client.query('BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
    const result = await work();
    await client.query('COMMIT');
    return result;
  });
}

function waitingQueries(): Promise<number> {
  return withClient(url, async (client) => {
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rowCount ?? 0;
  });
}

describe('users', () => {
  it('have names of their own within their organization', async () => {
    const insert = () => tenant.store.transact((tx) => tx.insertUser(user('ann')));
    await insert();
    await expect(insert()).rejects.toMatchObject({ code: 'USER_EXISTS' });
    const missing = { code: 'USER_NOT_FOUND', context: { user_id: 'bob' } };
    await expect(tenant.store.user('bob')).rejects.toMatchObject(missing);
  });

  it('always include a SuperAdmin', async () => {
    const { userUuid } = await root();
    const last = { code: 'LAST_SUPER_ADMIN' };
    const remove = (uuid = userUuid) => tenant.store.transact((tx) => tx.deleteUser(uuid));
    const demote = () => tenant.store.transact((tx) => tx.updateUser(userUuid, { accessLevel: 'Admin' }));
    await expect(remove()).rejects.toMatchObject(last);
    await expect(demote()).rejects.toMatchObject(last);
    await tenant.store.transact((tx) => tx.updateUser(userUuid, { description: 'the boss', passwordHash: 'new' }));
    expect((await identity.findLogin(tenant.id, 'root'))?.passwordHash).toBe('new');
    const second = await tenant.store.transact((tx) => tx.insertUser(user('second', 'SuperAdmin')));
    const results = await Promise.allSettled([remove(), remove(second.uuid)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('the audit', () => {
  it('can only be appended to', async () => {
    const entry = { actor: 'root', action: 'user.create', subject: 'ann', data: { level: 'Read' } };
    await tenant.store.transact((tx) => tx.audit(entry));
    await withClient(url, async (client) => {
      const { rows } = await client.query(
        'SELECT actor, action, subject, data FROM audit WHERE organization_uuid = $1',
        [tenant.uuid],
      );
      expect(rows).toEqual([entry]);
      for (const change of [`UPDATE audit SET actor = 'x'`, 'DELETE FROM audit', 'TRUNCATE audit']) {
        await expect(client.query(change)).rejects.toThrow('audit is append-only');
      }
    });
  });
});
