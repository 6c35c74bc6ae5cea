import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { withClient } from '@eden/testkit';
import { asUuid, type HeldKey, type IdempotencyStore, type Subject } from '@eden/domain';
import type { ControlDatabase } from './control-database.js';
import { newControl } from './testing/control.js';
import { createTenant } from './testing/tenants.js';

let url: string;
let control: ControlDatabase;
let keys: IdempotencyStore;
let subject: Subject;
let key: string;

beforeAll(async () => {
  ({ url, control } = await newControl());
  keys = control.store.idempotency;
  const { id } = await createTenant(control);
  subject = (await control.store.identity.findLogin(id, 'root'))!.subject;
});

beforeEach(() => {
  key = randomUUID();
});

async function age(interval: string): Promise<void> {
  await withClient(url, (client) =>
    client.query(`UPDATE idempotency_keys SET created_at = now() - $2::interval WHERE key = $1`, [key, interval]),
  );
}

async function reserve(): Promise<HeldKey> {
  const reservation = await keys.reserve(subject, key, 'hash');
  if (reservation.state !== 'reserved') throw new Error(reservation.state);
  return reservation.held;
}

describe('an idempotency key', () => {
  it('is reserved by one of the requests that come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => keys.reserve(subject, key, 'hash')));
    expect(answers.map(({ state }) => state).sort()).toEqual([...Array(4).fill('in progress'), 'reserved']);
  });

  it('gives the first answer again', async () => {
    const held = await reserve();
    await keys.answer(subject, held, 202, { status: 'success', message: 'migration started' });
    expect(await keys.reserve(subject, key, 'hash')).toEqual({
      state: 'answered',
      status: 202,
      body: { status: 'success', message: 'migration started' },
    });
  });

  it('is refused with another body', async () => {
    const held = await reserve();
    await expect(keys.reserve(subject, key, 'other')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await keys.answer(subject, held, 200, {});
    await expect(keys.reserve(subject, key, 'other')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('can be used again after it was given back', async () => {
    const held = await reserve();
    await keys.forget(subject, held);
    expect(await keys.reserve(subject, key, 'other')).toMatchObject({ state: 'reserved' });
  });

  it('keeps its answer when it is given back too late', async () => {
    const held = await reserve();
    await keys.answer(subject, held, 200, {});
    await keys.forget(subject, held);
    expect(await keys.reserve(subject, key, 'hash')).toMatchObject({ state: 'answered' });
  });

  it('belongs to its subject', async () => {
    await reserve();
    const other = { ...subject, userUuid: asUuid(randomUUID()) };
    expect(await keys.reserve(other, key, 'other')).toMatchObject({ state: 'reserved' });
  });

  it('is new again after a day', async () => {
    const held = await reserve();
    await keys.answer(subject, held, 200, {});
    await age('23 hours');
    expect(await keys.reserve(subject, key, 'hash')).toMatchObject({ state: 'answered' });
    await age('25 hours');
    expect(await keys.reserve(subject, key, 'other')).toMatchObject({ state: 'reserved' });
  });

  it('is taken over from a request that must have died', async () => {
    const late = await reserve();
    await age('50 seconds');
    expect(await keys.reserve(subject, key, 'hash')).toEqual({ state: 'in progress' });
    await age('70 seconds');
    const held = await reserve();
    // Whoever had it wakes up.
    await keys.renew(subject, late);
    await keys.answer(subject, late, 500, {});
    await keys.forget(subject, late);
    expect(await keys.reserve(subject, key, 'hash')).toEqual({ state: 'in progress' });
    await keys.answer(subject, held, 200, { by: 'the second' });
    expect(await keys.reserve(subject, key, 'hash')).toMatchObject({ status: 200, body: { by: 'the second' } });
  });

  it('stays with a request for as long as it is renewed, and an answer lasts no longer for that', async () => {
    const held = await reserve();
    await age('70 seconds');
    await keys.renew(subject, held);
    expect(await keys.reserve(subject, key, 'hash')).toEqual({ state: 'in progress' });
    await keys.answer(subject, held, 200, {});
    await age('25 hours');
    await keys.renew(subject, held);
    expect(await keys.reserve(subject, key, 'hash')).toMatchObject({ state: 'reserved' });
  });
});
