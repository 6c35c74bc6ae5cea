import type { Api, Endpoint, Hook, ListedMigration, Robot, RunSummary, Template, User, Webhook } from '@eden/client';
import { describeDuration } from '../durations.js';
import { describeAddress } from '@eden/reconcile';
import type { View } from './output.js';
import { tookMs } from './run.js';

export const migrationView: View<ListedMigration> = {
  name: ({ id }) => `migration/${id}`,
  columns: [
    ['MIGRATION', ({ id }) => id],
    ['STATE', ({ state }) => state],
    ['LEVEL', ({ atomicity }) => atomicity],
    ['APIS', ({ api_uuids: uuids }) => uuids?.length],
    ['LAST RUN', ({ run }) => (run === null ? null : `${run.kind} ${run.state}`)],
    ['CHANGED', ({ updated_at: at }) => at],
  ],
};

export const runView: View<RunSummary> = {
  name: ({ uuid }) => `run/${uuid}`,
  columns: [
    ['RUN', ({ uuid }) => uuid],
    ['MIGRATION', ({ migration_id: id }) => id],
    ['KIND', ({ kind }) => kind],
    ['STATE', ({ state }) => state],
    ['BY', ({ actor }) => actor],
    ['STARTED', ({ started_at: at }) => at],
    ['TOOK', (run) => (tookMs(run) === null ? null : describeDuration(tookMs(run) ?? 0))],
    ['WHY', ({ error }) => error?.error],
  ],
};

export const endpointView: View<Endpoint> = {
  name: ({ id }) => `endpoint/${id}`,
  columns: [
    ['ENDPOINT', ({ id }) => id],
    ['KIND', ({ kind }) => kind],
    ['ADDRESS', ({ config }) => describeAddress(config)],
    ['DESCRIPTION', ({ description }) => description],
  ],
};

export const templateView: View<Template> = {
  name: ({ id }) => `template/${id}`,
  columns: [
    ['TEMPLATE', ({ id }) => id],
    ['KIND', ({ template }) => template.kind],
    ['DESCRIPTION', ({ description }) => description],
    ['CHANGED', ({ updated_at: at }) => at],
  ],
};

export const apiView: View<Api> = {
  name: ({ id }) => `api/${id}`,
  columns: [
    ['API', ({ id }) => id],
    ['FIELDS', ({ fields }) => fields.length],
    ['BINDINGS', ({ bindings }) => bindings.length],
    ['DESCRIPTION', ({ description }) => description],
    ['CHANGED', ({ updated_at: at }) => at],
  ],
};

export const robotView: View<Robot> = {
  name: ({ username }) => `robot/${username}`,
  columns: [
    ['ROBOT', ({ username }) => username],
    ['LEVEL', ({ access_level: level }) => level],
    ['SCOPES', ({ scopes }) => scopes.join(',')],
    ['KEY UNTIL', ({ expires_at: at }) => at],
    ['DESCRIPTION', ({ description }) => description],
  ],
};

export const userView: View<User> = {
  name: ({ username }) => `user/${username}`,
  columns: [
    ['USER', ({ username }) => username],
    ['LEVEL', ({ access_level: level }) => level],
    ['DESCRIPTION', ({ description }) => description],
    ['SINCE', ({ created_at: at }) => at],
  ],
};

export const hookView: View<Hook> = {
  name: ({ id }) => `hook/${id}`,
  columns: [
    ['HOOK', ({ id }) => id],
    ['UUID', ({ uuid }) => uuid],
    ['MIGRATIONS', ({ migrations }) => migrations?.join(', ') ?? 'all'],
    ['ACTIONS', ({ actions }) => actions?.join(', ') ?? 'all'],
    ['BY', ({ created_by: by }) => by],
  ],
};

export const webhookView: View<Webhook> = {
  name: ({ uuid }) => `webhook/${uuid}`,
  columns: [
    ['WEBHOOK', ({ uuid }) => uuid],
    ['TO', ({ url }) => url],
    ['FORMAT', ({ format }) => format],
    ['EVENTS', ({ events }) => events.join(', ')],
  ],
};
