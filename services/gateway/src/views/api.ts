import type { Api, Binding, Membership, Subject } from '@eden/domain';
import type { z } from 'zod';
import type { apiSchema } from '../schemas/api.js';
import { actionsOnApi } from './actions.js';

type ApiView = z.output<typeof apiSchema>;

function viewBinding({ templateUuid, fields }: Binding): ApiView['bindings'][number] {
  return { template: templateUuid, fields };
}

function viewNext(next: Membership['next']): NonNullable<ApiView['migration']>['next'] {
  if (next === null) return null;
  return {
    ...(next.fields === undefined ? {} : { fields: [...next.fields] }),
    ...(next.bindings === undefined ? {} : { bindings: next.bindings.map(viewBinding) }),
  };
}

function viewMembership(membership: Membership): NonNullable<ApiView['migration']> {
  return {
    uuid: membership.migrationUuid,
    state: membership.synced,
    stage: membership.stage,
    bindings: membership.bindings.map(viewBinding),
    next: viewNext(membership.next),
  };
}

/** `membership` is the API's own (active, or else latest) unless one migration's is asked for. */
export function viewApi(subject: Subject, api: Api, membership: Membership | null = api.membership): ApiView {
  return {
    id: api.id,
    uuid: api.uuid,
    description: api.description,
    ...(api.managed ? { managed: true } : {}),
    fields: [...api.fields],
    bindings: api.bindings.map(viewBinding),
    migration: membership === null ? null : viewMembership(membership),
    actions: actionsOnApi(subject, api),
    created_at: api.createdAt.toISOString(),
    updated_at: api.updatedAt.toISOString(),
  };
}
