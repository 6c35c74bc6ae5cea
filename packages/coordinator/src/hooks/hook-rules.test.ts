import { describe, expect, it } from '@jest/globals';
import { asUuid, EdenError, type GrantLevel, type Hook, type OrganizationTransactor, type Subject } from '@eden/domain';
import { rotateHook } from './rotate-hook.js';

const [HOOK, MIGRATION, OTHER] = [1, 2, 3].map((n) => asUuid(`550e8400-e29b-41d4-a716-44665544000${n}`)) as [
  Hook['uuid'],
  Hook['uuid'],
  Hook['uuid'],
];

const admin = (...grants: [Hook['uuid'], GrantLevel][]): Subject =>
  ({ username: 'ann', level: 'Admin', grants: new Map(grants) }) as unknown as Subject;

/** Of a hook for these migrations; there is one migration, `m`. */
function rotate(subject: Subject, migrations: readonly string[]): Promise<Hook> {
  const hook = { uuid: HOOK, id: 'h', migrations } as unknown as Hook;
  const tx: Partial<OrganizationTransactor> = {
    hook: () => Promise.resolve(hook),
    rotateHook: () => Promise.resolve(hook),
    resource: (kind, ref) =>
      ref === 'm'
        ? Promise.resolve({ kind, uuid: MIGRATION, id: 'm' })
        : Promise.reject(new EdenError('MIGRATION_NOT_FOUND')),
    audit: () => Promise.resolve(),
  };
  const transact = (work: (tx: OrganizationTransactor) => Promise<unknown>) => work(tx as OrganizationTransactor);
  const store = { organization: () => ({ transact }) };
  return rotateHook({ store } as never, subject, 'h', { secret: 's', overlapSeconds: 0 });
}

describe('the secret of a hook', () => {
  const refused = { code: 'INSUFFICIENT_PERMISSIONS' };

  it('is not given anew to whoever may not run its migrations', async () => {
    await rotate(admin(), []);
    await rotate(admin([OTHER, 'None']), ['m', 'to-come']);
    await rotate(admin([MIGRATION, 'SuperAdmin']), []);
    await expect(rotate(admin([MIGRATION, 'None']), ['m'])).rejects.toMatchObject(refused);
    await expect(rotate(admin([MIGRATION, 'Write']), ['to-come', 'm'])).rejects.toMatchObject(refused);
    await expect(rotate(admin([OTHER, 'None']), [])).rejects.toMatchObject(refused);
  });
});
