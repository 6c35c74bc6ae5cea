import { expect, it } from '@jest/globals';
import { asUuid, NO_GRANTS, type OrganizationChange, type Subject } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { HttpRequest } from '../http/http-request.js';
import { followOrganization } from './follow-organization.js';

const organizationUuid = asUuid('550e8400-e29b-41d4-a716-446655440001');
const subject: Subject = {
  organizationUuid,
  organizationId: 'acme',
  userUuid: organizationUuid,
  username: 'ann',
  level: 'Read',
  grants: NO_GRANTS,
  scopes: null,
};

async function* changes(): AsyncGenerator<readonly OrganizationChange[]> {
  for (;;) {
    await Promise.resolve();
    yield [];
  }
}

it('gives its place back when its client is gone at the first batch', async () => {
  let places = 0;
  const enter = (): Promise<() => void> => {
    places += 1;
    return Promise.resolve(() => (places -= 1));
  };
  const deps = { streams: { enter }, store: { followOrganization: changes } } as unknown as GatewayDeps;
  const http = { signal: new AbortController().signal } as HttpRequest;
  const { events } = await followOrganization({ deps, http, subject, since: null });
  expect(places).toBe(1);
  for await (const _ of events ?? []) break;
  expect(places).toBe(0);
});
