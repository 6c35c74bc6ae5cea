import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, withClient } from '@eden/testkit';
import {
  asUuid,
  type AccessLevel,
  type GrantLevel,
  type IdentityStore,
  type NewUser,
  type Resource,
  type ResourceGrant,
  type Subject,
  type User,
} from '@eden/domain';
import type { ControlDatabase } from './control-database.js';
import { newControl } from './testing/control.js';
import { addMigration, createTenant, type Tenant } from './testing/tenants.js';

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
        grants: new Map(),
        scopes: null,
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

describe('somebody of the identity provider', () => {
  it('who is revoked is not let in by an organization that calls itself like the uuid of theirs', async () => {
    const asked = { organization: tenant.uuid, subject: 'auth0|1', jti: randomUUID() };
    expect(await identity.authenticateProvided(asked)).toMatchObject({ organizationUuid: tenant.uuid });
    await identity.createOrganization({ id: tenant.uuid, description: null, superAdmins: [] });
    expect(await identity.authenticateProvided(asked)).toMatchObject({ organizationUuid: tenant.uuid });
    await tenant.store.transact((tx) => tx.revokeSubject({ subject: 'auth0|1', reason: null, revokedBy: 'root' }));
    expect(await identity.authenticateProvided(asked)).toBeNull();
  });
});

describe('the row of a subject of the identity provider', () => {
  const asked = () => ({ organization: tenant.id, subject: 'auth0|1', jti: randomUUID() });

  async function give(level: GrantLevel): Promise<Resource> {
    const { uuid, id } = await addMigration(tenant, `m-${randomUUID()}`);
    const resource = { kind: 'migration', uuid, id } as const;
    await tenant.store.transact(async (tx) => {
      const [{ uuid: userUuid }] = (await tx.grantees(['provider:auth0|1'])) as [User];
      await tx.putGrants(resource, [{ userUuid, level }]);
    });
    return resource;
  }

  it('is there for its grants, which hold for the next request', async () => {
    const before = await identity.authenticateProvided(asked());
    expect(before).toMatchObject({ username: 'provider:auth0|1', grants: new Map(), scopes: null });
    const [one, two] = [await give('Write'), await give('None')];
    const grants = new Map([
      [one.uuid, 'Write'],
      [two.uuid, 'None'],
    ]);
    expect(await identity.authenticateProvided(asked())).toEqual({ ...before, grants });
    const elsewhere = { ...asked(), organization: (await createTenant(control)).id };
    expect(await identity.authenticateProvided(elsewhere)).toMatchObject({ grants: new Map() });
    await tenant.store.transact((tx) => tx.deleteGrant(one.uuid, before!.userUuid));
    expect((await identity.authenticateProvided(asked()))?.grants).toEqual(new Map([[two.uuid, 'None']]));
  });

  it('is made once by those who come at the same time', async () => {
    await Promise.all([give('Read'), give('Write'), give('None')]);
    expect((await identity.authenticateProvided(asked()))?.grants.size).toBe(3);
  });

  it('is nobody who can log in, is no user and no robot, and counts for no SuperAdmin', async () => {
    await give('Write');
    const { uuid } = await tenant.store.member('provider:auth0|1');
    expect(await identity.findLogin(tenant.id, 'provider:auth0|1')).toBeNull();
    for (const ref of ['provider:auth0|1', uuid]) {
      await expect(tenant.store.user(ref)).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
      await expect(tenant.store.robot(ref)).rejects.toMatchObject({ code: 'ROBOT_NOT_FOUND' });
      expect(await tenant.store.member(ref)).toMatchObject({ uuid, accessLevel: 'SuperAdmin' });
    }
    const page = { limit: 10, cursor: null };
    expect((await tenant.store.users(page)).items.map(({ username }) => username)).toEqual(['root']);
    expect((await tenant.store.robots(page)).items).toEqual([]);
    const { userUuid } = await root();
    const last = tenant.store.transact((tx) => tx.deleteUser(userUuid));
    await expect(last).rejects.toMatchObject({ code: 'LAST_SUPER_ADMIN' });
    await withClient(url, async (client) => {
      for (const change of ["kind = 'user', password_hash = 'x'", "access_level = 'Admin'", "username = 'ann'"]) {
        const query = client.query(`UPDATE users SET ${change} WHERE uuid = $1`, [uuid]);
        await expect(query).rejects.toThrow(/check constraint/);
      }
    });
  });
});

describe('grants', () => {
  it('that keep somebody from a migration keep its runs when it is deleted; others go, and all can be taken away', async () => {
    const migration = await addMigration(tenant, 'kept');
    const [ann, bob] = await tenant.store.transact(async (tx) => [
      await tx.insertUser(user('ann', 'Admin')),
      await tx.insertUser(user('bob')),
    ]);
    const resource = { kind: 'migration', uuid: migration.uuid, id: migration.id } as const;
    const grants = [
      { userUuid: ann!.uuid, level: 'None' },
      { userUuid: bob!.uuid, level: 'Write' },
    ] as const;
    await tenant.store.transact((tx) => tx.putGrants(resource, grants));
    await tenant.store.transact((tx) => tx.deleteMigration(migration.uuid));
    expect(await tenant.store.grantsOf(ann!.uuid)).toEqual(new Map([[migration.uuid, 'None']]));
    expect(await tenant.store.grantsOf(bob!.uuid)).toEqual(new Map());
    expect(await tenant.store.resource('migration', migration.uuid)).toEqual(resource);
    await expect(tenant.store.resource('migration', 'kept')).rejects.toMatchObject({ code: 'MIGRATION_NOT_FOUND' });
  });

  it('are looked at by one after the other of those who change them', async () => {
    const { uuid, id } = await addMigration(tenant, 'both');
    const ann = await tenant.store.transact((tx) => tx.insertUser(user('ann')));
    const resource = { kind: 'migration', uuid, id } as const;
    let second: Promise<readonly ResourceGrant[]> | undefined;
    await tenant.store.transact(async (tx) => {
      await tx.grantees(['ann']);
      second = tenant.store.transact(async (other) => {
        await other.grantees(['ann']);
        return other.grantsOn(uuid);
      });
      await eventually(async () => expect(await waitingQueries()).toBe(1));
      await tx.putGrants(resource, [{ userUuid: ann.uuid, level: 'SuperAdmin' }]);
    });
    expect(await second).toMatchObject([{ level: 'SuperAdmin' }]);
  });
});

describe('the secret of a hook', () => {
  it('that was shown works, also when it is exchanged twice at once', async () => {
    const hook = { id: 'deploy', migrations: [], actions: [], secret: 'first', createdBy: 'root' };
    const { uuid } = await tenant.store.transact((tx) => tx.insertHook(hook));
    const rotate = (secret: string) => tenant.store.transact((tx) => tx.rotateHook(uuid, secret, 60));
    let second: Promise<unknown> | undefined;
    await tenant.store.transact(async (tx) => {
      await tx.rotateHook(uuid, 'second', 60);
      second = rotate('third');
      await eventually(async () => expect(await waitingQueries()).toBe(1));
    });
    await second;
    expect((await control.store.findHook(uuid))?.secrets).toEqual(['third', 'second']);
  });
});

describe('the audit', () => {
  it('can only be appended to', async () => {
    const entry = { actor: 'root', action: 'user.create', subject: 'ann', data: { level: 'Read' } };
    await tenant.store.transact((tx) => tx.audit(entry));
    await withClient(url, async (client) => {
      const { rows } = await client.query(
        'SELECT actor, action, subject, data FROM audit WHERE organization_uuid = $1 AND action = $2',
        [tenant.uuid, entry.action],
      );
      expect(rows).toEqual([entry]);
      for (const change of [`UPDATE audit SET actor = 'x'`, 'DELETE FROM audit', 'TRUNCATE audit CASCADE']) {
        await expect(client.query(change)).rejects.toThrow('audit is append-only');
      }
    });
  });
});
