import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { gateVerdict, type GateGoal, type GateStanding } from './gate.js';
import { asUuid } from './ids.js';
import type { MigrationState } from './migration.js';
import type { Run, RunKind, RunState } from './run.js';

function standing(
  state: MigrationState,
  run: `${RunKind} ${RunState}` | null,
  isPlanned = false,
  awaitsApproval = false,
): GateStanding {
  const [kind, runState] = run?.split(' ') ?? [];
  return {
    migrationUuid: asUuid(randomUUID()),
    state,
    isPlanned,
    awaitsApproval,
    run: run === null ? null : ({ kind, state: runState } as Run),
  };
}

/** Its migrate came before the approval. */
function tooEarly(at: GateStanding): GateStanding {
  return { ...at, run: { ...at.run, error: { code: 'MIGRATION_AWAITS_APPROVAL' } } as Run };
}

/** Its migrate waited for a sync that failed. */
function unsynced(at: GateStanding): GateStanding {
  return { ...at, run: { ...at.run, error: { code: 'MIGRATION_NOT_SYNCED' } } as Run };
}

const PLANNED = true;
const UNAPPROVED = true;

describe('a gate', () => {
  it.each<[GateGoal, GateStanding, string]>([
    ['completed', standing('Pending', null), 'waiting'],
    ['completed', standing('Pending', 'sync running'), 'waiting'],
    ['completed', standing('Pending', 'sync failed'), 'closed'],
    ['completed', standing('Pending', 'sync cancelled'), 'closed'],
    ['completed', standing('Pending', 'sync succeeded', PLANNED), 'waiting'],
    ['completed', standing('In Progress', 'migrate committing', PLANNED), 'waiting'],
    ['completed', standing('In Progress', 'migrate in_doubt', PLANNED), 'waiting'],
    ['completed', standing('Completed', 'migrate succeeded', PLANNED), 'open'],
    ['completed', standing('Completed', 'rollback failed', PLANNED), 'open'],
    ['completed', standing('Failed', 'migrate failed', PLANNED), 'closed'],
    ['completed', standing('Failed', 'sync running'), 'waiting'],
    ['completed', standing('Rolled Back', 'rollback succeeded'), 'closed'],
    ['synced', standing('Pending', null), 'waiting'],
    ['synced', standing('Pending', 'sync succeeded', PLANNED), 'open'],
    ['synced', standing('Pending', 'sync running', PLANNED), 'waiting'],
    ['synced', standing('Pending', 'migrate queued', PLANNED), 'open'],
    ['synced', standing('Pending', 'sync failed'), 'closed'],
    ['synced', standing('Pending', 'sync failed', PLANNED), 'closed'],
    ['synced', standing('Pending', 'sync cancelled', PLANNED), 'open'],
    ['approved', standing('Pending', 'sync failed', PLANNED), 'closed'],
    ['synced', unsynced(standing('Pending', 'migrate failed', PLANNED)), 'closed'],
    ['synced', standing('Failed', 'migrate failed', PLANNED), 'closed'],
    ['approved', standing('Pending', 'sync succeeded', PLANNED), 'open'],
    ['approved', standing('Pending', 'sync succeeded', PLANNED, UNAPPROVED), 'waiting'],
    ['approved', tooEarly(standing('Pending', 'migrate failed', PLANNED, UNAPPROVED)), 'waiting'],
    ['approved', standing('Pending', 'sync failed', !PLANNED), 'closed'],
    ['completed', tooEarly(standing('Pending', 'migrate failed', PLANNED, UNAPPROVED)), 'waiting'],
    ['completed', tooEarly(standing('Pending', 'migrate failed', PLANNED)), 'waiting'],
    ['synced', standing('Pending', 'sync succeeded', PLANNED, UNAPPROVED), 'open'],
  ])('for %s, of %j, is %s', (goal, at, verdict) => {
    expect(gateVerdict(at, goal)).toBe(verdict);
  });
});
