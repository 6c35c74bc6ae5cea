import { describe, expect, it } from '@jest/globals';
import { asUuid, type Subject } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import { permissionOf, type SubjectPermission } from '../permissions.js';
import { authorize } from './authorize.js';

const [ORGANIZATION, API] = ['550e8400-e29b-41d4-a716-446655440001', '550e8400-e29b-41d4-a716-446655440002'].map(
  asUuid,
) as [ReturnType<typeof asUuid>, ReturnType<typeof asUuid>];

const granted = { organizationUuid: ORGANIZATION, level: 'Read', scopes: null, grants: new Map([[API, 'None']]) };
const permission = permissionOf({ method: 'get', path: '/apis/{api}' }) as SubjectPermission;

describe('a path that somebody with grants has sent', () => {
  it.each(['\0', 'a b', '../x', '', 'x'.repeat(129)])('is not looked up by what cannot be a name: %j', async (api) => {
    const asked: string[] = [];
    const resource = (_kind: string, ref: string) => Promise.resolve(asked.push(ref));
    const deps = { store: { organization: () => ({ resource }) } } as unknown as GatewayDeps;
    expect(await authorize(deps, granted as unknown as Subject, permission, { api })).toEqual({ api });
    expect(asked).toEqual([]);
  });
});
