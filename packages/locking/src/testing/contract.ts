import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@eden/testkit';
import {
  asUuid,
  isEdenError,
  type Lockable,
  type LockMode,
  type LockPort,
  type LockRequest,
  type LockResource,
} from '@eden/domain';

/** Locks over masters as the contract sees them. */
export interface LocksUnderTest {
  readonly name: string;
  /** As one more process has them. */
  open(process: string): Promise<LockPort>;
  /** The masters forget everything, as after a restart without memory. */
  forget(): Promise<void>;
  /** Nobody hears of the process any more: it is dead, or stands still. */
  silence(process: string): Promise<void>;
  /** Ends what was opened, and empties the masters. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Longer than every lease. */
const PATIENT_MS = 20_000;
const MODES: readonly LockMode[] = ['read', 'write'];

const newApi = (): Lockable => ({ kind: 'api', uuid: asUuid(randomUUID()) });
const request = (timeoutMs: number, purpose = 'test'): LockRequest => ({ owner: { purpose }, timeoutMs });

function take(locks: LockPort, mode: LockMode, resources: readonly Lockable[], timeoutMs = 0) {
  return locks[mode](resources, request(timeoutMs));
}

/** Whether it is granted at once; then it is held on. */
async function isGranted(locks: LockPort, mode: LockMode, resources: readonly Lockable[]): Promise<boolean> {
  try {
    await take(locks, mode, resources);
    return true;
  } catch (error) {
    if (isEdenError(error, 'LOCK_TIMEOUT')) return false;
    throw error;
  }
}

/** What the cases are told, and by what they are known in docs/protocol.md. */
interface Case {
  readonly name: string;
  run(locks: LocksUnderTest): Promise<void>;
}

const EXCLUSION = MODES.flatMap((held) =>
  MODES.map((wanted): Case => ({
    name: `that is held to ${held} ${held === 'read' && wanted === 'read' ? 'admits' : 'keeps out'} who wants to ${wanted}`,
    run: async (locks) => {
      const api = newApi();
      await take(await locks.open('first'), held, [api]);
      expect(await isGranted(await locks.open('second'), wanted, [api])).toBe(held === 'read' && wanted === 'read');
    },
  })),
);

export const LOCK_CASES: readonly Case[] = [
  ...EXCLUSION,
  { name: 'on several things is granted on all of them or on none', run: allOrNone },
  { name: 'is handed to one who waits, when it is given back', run: handedOn },
  { name: 'is not granted to readers past a writer that waits', run: writersIntent },
  { name: 'ends the shared lease of readers whenever somebody writes', run: leaseEnds },
  { name: 'tells the lease to whoever goes by it unheld, until somebody writes', run: leaseTold },
  { name: 'is free again when its holder is silent for longer than its lease', run: leaseOver },
  { name: 'is known to be lost, to its writer, once the masters have forgotten it', run: forgotten },
  { name: 'is lost to readers once somebody else has written', run: readersLose },
  { name: 'tells who has it, with the fence', run: inspected },
];

async function allOrNone(locks: LocksUnderTest): Promise<void> {
  const [free, taken] = [newApi(), newApi()];
  const [first, second] = [await locks.open('first'), await locks.open('second')];
  const held = await take(first, 'write', [taken]);
  expect(await isGranted(second, 'write', [free, taken])).toBe(false);
  expect(await isGranted(first, 'write', [free])).toBe(true);
  await held.release();
}

async function handedOn(locks: LocksUnderTest): Promise<void> {
  const api = newApi();
  const [first, second] = [await locks.open('first'), await locks.open('second')];
  const held = await take(first, 'write', [api]);
  const waiting = take(second, 'write', [api], PATIENT_MS);
  await held.release();
  await held.release();
  expect((await waiting).signal.aborted).toBe(false);
  expect(await isGranted(first, 'read', [api])).toBe(false);
}

async function writersIntent(locks: LocksUnderTest): Promise<void> {
  const api: LockResource = { kind: 'api', uuid: asUuid(randomUUID()) };
  const [reader, writer, late] = [await locks.open('reader'), await locks.open('writer'), await locks.open('late')];
  const read = await take(reader, 'read', [api]);
  const writing = take(writer, 'write', [api], PATIENT_MS);
  await eventually(async () => expect((await late.inspect(api)).waiting).toMatchObject([{ process: 'writer' }]));
  expect(await isGranted(late, 'read', [api])).toBe(false);
  await read.release();
  await (await writing).release();
  await take(late, 'read', [api], PATIENT_MS);
}

async function leaseEnds(locks: LocksUnderTest): Promise<void> {
  const api = newApi();
  const [reader, writer] = [await locks.open('reader'), await locks.open('writer')];
  const first = await take(reader, 'read', [api]);
  const again = await take(reader, 'read', [api]);
  expect(again.leases).toEqual(first.leases);
  expect(again.leases[0]).toBe(first.leases[0]);
  await Promise.all([first.release(), again.release()]);
  await (await take(writer, 'write', [api], PATIENT_MS)).release();
  const later = await take(reader, 'read', [api], PATIENT_MS);
  expect(later.leases[0] === first.leases[0]).toBe(false);
}

async function leaseTold(locks: LocksUnderTest): Promise<void> {
  const api = newApi();
  const [reader, writer] = [await locks.open('reader'), await locks.open('writer')];
  expect(reader.leaseOn(api)).toBeNull();
  const read = await take(reader, 'read', [api]);
  await read.release();
  expect(reader.leaseOn(api)).toBe(read.leases[0]);
  expect(writer.leaseOn(api)).toBeNull();
  const held = await take(writer, 'write', [api], PATIENT_MS);
  expect(reader.leaseOn(api)).toBeNull();
  await held.release();
  expect(reader.leaseOn(api)).toBeNull();
}

async function leaseOver(locks: LocksUnderTest): Promise<void> {
  for (const mode of MODES) {
    const api = newApi();
    await take(await locks.open(`dead-${mode}`), mode, [api]);
    await locks.silence(`dead-${mode}`);
    expect((await take(await locks.open('heir'), 'write', [api], PATIENT_MS)).signal.aborted).toBe(false);
  }
}

async function forgotten(locks: LocksUnderTest): Promise<void> {
  const [api, other] = [newApi(), newApi()];
  const [first, second] = [await locks.open('first'), await locks.open('second')];
  const [held, kept] = [await first.write([api], request(0)), await second.write([other], request(0))];
  expect(await held.confirm()).toBe(true);
  await locks.forget();
  expect(await isGranted(second, 'write', [api])).toBe(true);
  expect(await held.confirm()).toBe(false);
  expect(held.signal.aborted).toBe(true);
  expect(await kept.confirm()).toBe(false);
}

async function readersLose(locks: LocksUnderTest): Promise<void> {
  const api = newApi();
  const [reader, writer] = [await locks.open('reader'), await locks.open('writer')];
  const read = await take(reader, 'read', [api]);
  const lost = new Promise<void>((resolve) => read.signal.addEventListener('abort', () => resolve()));
  await locks.forget();
  await take(writer, 'write', [api]);
  await lost;
  expect(read.signal.aborted).toBe(true);
}

async function inspected(locks: LocksUnderTest): Promise<void> {
  const migration = { kind: 'migration', uuid: asUuid(randomUUID()) } as const;
  const [first, second] = [await locks.open('first'), await locks.open('second')];
  expect((await second.inspect(migration)).writer).toBeNull();
  const held = await first.write([migration], { owner: { purpose: 'run 7', fence: 3 }, timeoutMs: 0 });
  expect((await second.inspect(migration)).writer).toMatchObject({ process: 'first', purpose: 'run 7', fence: 3 });
  await held.release();
  expect((await second.inspect(migration)).writer).toBeNull();
}

/** What a lock has to do over whichever masters: Redis, or those of the simulation. */
export function describeLockContract(locks: LocksUnderTest): void {
  // Protocol: I1, I2, I3
  describe(`a lock over ${locks.name}`, () => {
    afterEach(() => locks.reset());
    afterAll(() => locks.close());
    for (const { name, run } of LOCK_CASES) it(name, () => run(locks));
  });
}
