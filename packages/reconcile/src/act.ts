import { answerOf, ApiError, type AddApi, type Connection, type NewTemplate } from '@eden/client';
import type { Action } from './actions.js';
import { TEMPLATE_SETTINGS } from './decide-definitions.js';
import type { TemplateEntry } from './entries.js';

/** What an action is sent as: the body type of the route, whose values the service checks. */
type Body = never;

/**
 * Takes one step. Something that somebody else has created meanwhile is theirs and ours: the next look compares it.
 * @throws ApiError, UnreachableError
 */
export async function act(connection: Connection, action: Action): Promise<void> {
  try {
    await take(connection, action);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409 && error.code.endsWith('_EXISTS'))) throw error;
  }
}

function take(connection: Connection, action: Action): Promise<unknown> {
  return 'migration' in action || action.do === 'create migration' || action.do === 'update migration'
    ? takeOfRelease(connection, action)
    : takeOfDefinition(connection, action);
}

async function takeOfDefinition(connection: Connection, action: Exclude<Action, ReleaseAction>): Promise<unknown> {
  switch (action.do) {
    case 'create endpoint':
      return answerOf(connection.POST('/api/v1/endpoints', { body: action.endpoint as Body }));
    case 'update endpoint': {
      const { id, config, description } = action.endpoint;
      const body = { config, ...(description === undefined ? {} : { description }) } as Body;
      return answerOf(connection.PATCH('/api/v1/endpoints/{endpoint}', { params: { path: { endpoint: id } }, body }));
    }
    case 'create template':
      return answerOf(connection.POST('/api/v1/templates', { body: action.template as NewTemplate }));
    case 'update template': {
      const path = { template: action.template.id };
      const body = changesOf(action.template) as Body;
      return answerOf(connection.PATCH('/api/v1/templates/{template}', { params: { path }, body }));
    }
    case 'create api':
      return answerOf(connection.POST('/api/v1/apis', { body: { id: action.id } }));
  }
}

type ReleaseAction = Extract<Action, { do: 'create migration' | 'update migration' | 'remove api' | 'add api' }>;

async function takeOfRelease(connection: Connection, action: ReleaseAction): Promise<unknown> {
  switch (action.do) {
    case 'create migration':
      return answerOf(connection.POST('/api/v1/migrations', { body: { id: action.id, ...action.settings } as Body }));
    case 'update migration': {
      const path = { migration: action.id };
      return answerOf(
        connection.PATCH('/api/v1/migrations/{migration}', { params: { path }, body: action.settings as Body }),
      );
    }
    case 'remove api': {
      const path = { migration: action.migration, api: action.api };
      return answerOf(connection.DELETE('/api/v1/migrations/{migration}/apis/{api}', { params: { path } }));
    }
    case 'add api': {
      const path = { migration: action.migration };
      const body = action.api as AddApi;
      return answerOf(connection.POST('/api/v1/migrations/{migration}/add_api', { params: { path }, body }));
    }
  }
}

/** A template of the file replaces the one of the service as a whole: what it does not have is taken away. */
function changesOf({ id: _, ...template }: TemplateEntry): object {
  const gone = TEMPLATE_SETTINGS.filter((key) => !(key in template));
  return { ...Object.fromEntries(gone.map((key) => [key, null])), ...template };
}
