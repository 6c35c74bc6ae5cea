import type { Connection } from '@eden/client';
import { TEXTS } from '../../texts.js';

/* What is asked of the service for each thing that can be done with a migration. */

export const VERBS = [
  'approve',
  'migrate',
  'sync',
  'rehearse',
  'pause',
  'resume',
  'cancel',
  'resolve',
  'rollback',
  'delete',
] as const;
export type Verb = (typeof VERBS)[number];

interface Given {
  readonly form: FormData;
  /** Of the plan that was looked at; undefined where none has been read. */
  readonly planHash: string | undefined;
}

type Work = (http: Connection, path: { readonly migration: string }, given: Given) => Promise<unknown>;

/** Nobody waits at the page for a run: it is seen as it goes. */
const LATER = { Prefer: 'respond-async' };

export const WORK: Readonly<Record<Verb, Work>> = {
  approve: async (http, path, { planHash }) => {
    if (planHash === undefined) throw new Error(TEXTS.actions.approve.unread);
    return http.POST('/api/v1/migrations/{migration}/approve', { params: { path }, body: { plan_hash: planHash } });
  },
  migrate: (http, path) =>
    http.POST('/api/v1/migrations/{migration}/migrate', { params: { path, header: LATER }, body: {} }),
  sync: (http, path) => http.POST('/api/v1/migrations/{migration}/sync', { params: { path, header: LATER }, body: {} }),
  rehearse: (http, path) =>
    http.POST('/api/v1/migrations/{migration}/sync', { params: { path, header: LATER }, body: { rehearse: true } }),
  pause: (http, path) => http.POST('/api/v1/migrations/{migration}/pause', { params: { path }, body: {} }),
  resume: (http, path) => http.POST('/api/v1/migrations/{migration}/resume', { params: { path }, body: {} }),
  cancel: (http, path) => http.POST('/api/v1/migrations/{migration}/cancel', { params: { path }, body: {} }),
  resolve: (http, path, { form }) => {
    const decision = form.get('decision') as 'commit' | 'abort' | 'retry';
    const body = { decision, reason: String(form.get('reason')) };
    return http.POST('/api/v1/migrations/{migration}/resolve', { params: { path }, body });
  },
  rollback: (http, path) =>
    http.POST('/api/v1/migrations/{migration}/rollback', { params: { path, header: LATER }, body: {} }),
  delete: (http, path) => http.DELETE('/api/v1/migrations/{migration}', { params: { path } }),
};
