import type { GateStanding, Hook } from '@eden/domain';
import type { z } from 'zod';
import type { gateSchema, hookSchema, hookWithSecretSchema } from '../schemas/hook.js';
import { viewRunSummary } from './run.js';

export function viewHook(hook: Hook): z.output<typeof hookSchema> {
  const { id, uuid, migrations, actions } = hook;
  return {
    id,
    uuid,
    migrations: migrations.length === 0 ? null : [...migrations],
    actions: actions.length === 0 ? null : [...actions],
    previous_valid_until: hook.previousValidUntil?.toISOString() ?? null,
    created_by: hook.createdBy,
    created_at: hook.createdAt.toISOString(),
    updated_at: hook.updatedAt.toISOString(),
  };
}

/** The only answers that hold a secret. */
export function viewHookWithSecret(hook: Hook, secret: string): z.output<typeof hookWithSecretSchema> {
  const { id, uuid, previousValidUntil } = hook;
  return { id, uuid, secret, previous_valid_until: previousValidUntil?.toISOString() ?? null };
}

type GateView = Omit<z.output<typeof gateSchema>, 'status'>;

export function viewGate(standing: GateStanding | null): GateView {
  const run = standing?.run ?? null;
  return { state: standing?.state ?? null, run: run === null ? null : viewRunSummary(run) };
}
