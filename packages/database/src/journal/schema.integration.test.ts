import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createControlDatabase, withClient } from '@eden/testkit';
import { MIGRATION_STATES, RUN_KINDS, RUN_STATES, RUN_STATE_RULES, RUN_STEPS, isFinished } from '@eden/domain';
import type { RunKind, RunSlot, RunState } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { openControl } from '../testing/control.js';
import { createScene, type Scene } from '../testing/tenants.js';

let url: string;
let control: ControlDatabase;
let scene: Scene;

beforeAll(async () => {
  ({ url } = await createControlDatabase());
  control = openControl(url);
  scene = await createScene(control);
});

afterAll(() => control.close());

interface Row {
  readonly kind: RunKind;
  readonly state: RunState;
  readonly slot: RunSlot | null;
  readonly epoch: number;
}

/** Whether the database takes such a run, beside no other. Nothing of it stays. */
function isTaken(rows: readonly Row[]): Promise<boolean> {
  const { tenant, migration } = scene;
  return withClient(url, async (client) => {
    await client.query('BEGIN');
    try {
      for (const { kind, state, slot, epoch } of rows) {
        const finishedAt = slot === null ? new Date() : null;
        await client.query(
          `INSERT INTO runs (uuid, organization_uuid, migration_uuid, migration_id, kind, state, slot, epoch, actor,
                             overrides, finished_at, in_doubt_since, cancelled_by)
           VALUES ($1, $2, $3, 'v2', $4, $5, $6, $7, 'root', '{}', $8, now(), 'root')`,
          [randomUUID(), tenant.uuid, migration.uuid, kind, state, slot, epoch, finishedAt],
        );
      }
      return true;
    } catch (error) {
      if (['23514', '23505'].includes((error as { code?: string }).code ?? '')) return false;
      throw error;
    } finally {
      await client.query('ROLLBACK');
    }
  });
}

describe.each(RUN_STATES)('the schema takes a run that is %s', (state) => {
  const { slots, epoch: rule } = RUN_STATE_RULES[state];

  it.each([null, 'active', 'behind'] as const)('in slot %s if the machine does', async (slot) => {
    const expected = slot === null ? isFinished(state) : (slots as readonly RunSlot[]).includes(slot);
    expect(await isTaken([{ kind: 'migrate', state, slot, epoch: 1 }])).toBe(expected);
  });

  it('without an epoch if the machine does', async () => {
    const slot = isFinished(state) ? null : 'active';
    expect(await isTaken([{ kind: 'migrate', state, slot, epoch: 0 }])).toBe(rule === 'perhaps');
  });
});

describe('the schema', () => {
  it.each(RUN_KINDS)('lets a %s wait behind a sync if the machine promotes it', async (kind) => {
    const isPromoted = (RUN_STEPS.promote.from.queued as readonly RunKind[]).includes(kind);
    expect(await isTaken([{ kind, state: 'queued', slot: 'behind', epoch: 0 }])).toBe(isPromoted);
  });

  // Protocol: I18
  it.each(['active', 'behind'] as const)('lets one run at a time be %s in a migration', async (slot) => {
    const run: Row = { kind: 'migrate', state: 'queued', slot, epoch: 0 };
    expect(await isTaken([run, run])).toBe(false);
    expect(
      await isTaken([
        { ...run, slot: 'active', kind: 'sync' },
        { ...run, slot: 'behind' },
      ]),
    ).toBe(true);
  });

  it('starts a run where the machine accepts it', async () => {
    const [row] = await withClient(url, async (client) => {
      const { rows } = await client.query<{ column_default: string }>(
        `SELECT column_default FROM information_schema.columns WHERE table_name = 'runs' AND column_name = 'state'`,
      );
      return rows;
    });
    expect(row?.column_default).toBe(`'${RUN_STEPS.accept.to}'::text`);
  });

  it('knows the states of a migration', async () => {
    const definition = await withClient(url, async (client) => {
      const { rows } = await client.query<{ check: string }>(
        `SELECT pg_get_constraintdef(oid) AS check FROM pg_constraint WHERE conname = 'migrations_state_check'`,
      );
      return rows[0]?.check ?? '';
    });
    const named = [...definition.matchAll(/'([^']+)'/g)].map(([, name]) => name);
    expect(named.sort()).toEqual([...MIGRATION_STATES].sort());
  });
});
