import { answerOf, ApiError, type Connection, type Migration, type Plan, type Run } from '@eden/client';
import { CommandError } from './exit-codes.js';

const RESPOND_ASYNC = { Prefer: 'respond-async' } as const;

export type RunKind = 'sync' | 'migrate' | 'rollback';

/** Starts a run, or joins an equal one that is under way, and does not wait for its end. Resolves to its uuid. */
export async function startRun(
  connection: Connection,
  migration: string,
  kind: RunKind,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const params = { path: { migration }, header: RESPOND_ASYNC };
  const answer = await request(connection, kind, params, overrides);
  if ('data' in answer) return answer.data.run;
  const run = await latestRun(connection, migration);
  return run.uuid;
}

type Params = { readonly path: { readonly migration: string }; readonly header: typeof RESPOND_ASYNC };

function request(connection: Connection, kind: RunKind, params: Params, overrides: Readonly<Record<string, unknown>>) {
  switch (kind) {
    case 'sync':
      return answerOf(connection.POST('/api/v1/migrations/{migration}/sync', { params, body: {} }));
    case 'rollback':
      return answerOf(connection.POST('/api/v1/migrations/{migration}/rollback', { params, body: {} }));
    case 'migrate': {
      const body = (Object.keys(overrides).length === 0 ? {} : { migration: overrides }) as never;
      return answerOf(connection.POST('/api/v1/migrations/{migration}/migrate', { params, body }));
    }
  }
}

/** In the basic form. */
export async function readMigration(connection: Connection, migration: string): Promise<Migration> {
  const params = { path: { migration } };
  const { data } = await answerOf(connection.GET('/api/v1/migrations/{migration}', { params }));
  return data as Migration;
}

/** @throws CommandError when the migration has none */
export async function latestRun(connection: Connection, migration: string): Promise<Run> {
  const { run } = await readMigration(connection, migration);
  if (run !== null) return run;
  throw new CommandError(`${migration} has no run yet`, `Start one: "eden migrations sync ${migration}".`);
}

/** Null when there is none yet. */
export async function readPlan(connection: Connection, migration: string): Promise<Plan | null> {
  const params = { path: { migration } };
  try {
    return (await answerOf(connection.GET('/api/v1/migrations/{migration}/plan', { params }))).data;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'PLAN_NOT_FOUND') return null;
    throw error;
  }
}
