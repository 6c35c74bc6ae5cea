import { answerOf, ApiError, type Connection, type Migration, type Plan } from '@eden/client';

const RESPOND_ASYNC = { Prefer: 'respond-async' } as const;

export type RunKind = 'sync' | 'migrate' | 'rollback';

export interface RunSettings {
  /** Parameters of a migrate, for this run alone. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Of a sync: everything is run, too, and taken back. */
  readonly rehearse?: boolean;
  /** The same key gives the same run, whoever asks again; default: one of this call's own. */
  readonly key?: string;
}

/** Starts a run, or joins an equal one that is under way, and does not wait for its end. Resolves to its uuid. */
export async function startRun(
  connection: Connection,
  migration: string,
  kind: RunKind,
  { overrides = {}, rehearse = false, key }: RunSettings = {},
): Promise<string> {
  const header = { ...RESPOND_ASYNC, ...(key === undefined ? {} : { 'Idempotency-Key': key }) };
  const answer = await request(connection, kind, { path: { migration }, header }, { overrides, rehearse });
  if ('data' in answer) return answer.data.run;
  const { run } = await readMigration(connection, migration);
  if (run === null) throw new Error(`${migration} has no run although ${kind} was accepted`);
  return run.uuid;
}

type Params = {
  readonly path: { readonly migration: string };
  readonly header: { readonly Prefer: string; readonly 'Idempotency-Key'?: string };
};

function request(
  connection: Connection,
  kind: RunKind,
  params: Params,
  { overrides, rehearse }: Required<Pick<RunSettings, 'overrides' | 'rehearse'>>,
) {
  switch (kind) {
    case 'sync':
      return answerOf(
        connection.POST('/api/v1/migrations/{migration}/sync', {
          params,
          body: (rehearse ? { rehearse } : {}) as never,
        }),
      );
    case 'rollback':
      return answerOf(connection.POST('/api/v1/migrations/{migration}/rollback', { params, body: {} }));
    case 'migrate': {
      const body = (Object.keys(overrides).length === 0 ? {} : { migration: overrides }) as never;
      return answerOf(connection.POST('/api/v1/migrations/{migration}/migrate', { params, body }));
    }
  }
}

/** In the basic form. */
export async function readMigration(
  connection: Connection,
  migration: string,
  { signal = null }: { readonly signal?: AbortSignal | null } = {},
): Promise<Migration> {
  const params = { path: { migration } };
  const { data } = await answerOf(connection.GET('/api/v1/migrations/{migration}', { params, signal }));
  return data as Migration;
}

/** Null when there is none yet. */
export async function readPlan(
  connection: Connection,
  migration: string,
  { signal = null }: { readonly signal?: AbortSignal | null } = {},
): Promise<Plan | null> {
  const params = { path: { migration } };
  try {
    return (await answerOf(connection.GET('/api/v1/migrations/{migration}/plan', { params, signal }))).data;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'PLAN_NOT_FOUND') return null;
    throw error;
  }
}
