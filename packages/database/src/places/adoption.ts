import { randomBytes } from 'node:crypto';
import { createClient, transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { readRun } from '../journal/transition.js';
import { workHosts, type ControlAddress } from '../control-address.js';
import { createPool, PATIENT_MS } from '../pool.js';
import { cancelUntouched } from '../store/cancellation.js';
import type { Place } from './place.js';
import { isSamePlace, placesOf } from './place.js';

/** The control database as whoever administers it reaches it. */
export interface PlaceOptions extends ControlAddress {
  /** EDEN_INSTALLATION, as the processes have it. */
  readonly installationName?: string | undefined;
}

/** What becomes of the runs that a copy finds unfinished. */
export interface AdoptedCopy {
  /** Had touched nothing, and are cancelled here: the original runs them. */
  readonly cancelledRuns: number;
  /** Had begun: a worker of the copy marks them in doubt, and touches nothing of theirs. */
  readonly runsInDoubt: number;
}

export interface KnownPlaces {
  /** One for each host. */
  readonly here: readonly Place[];
  readonly known: readonly Place[];
  readonly isKnown: boolean;
}

/** Key of the advisory lock under which places change: "plac" in ASCII. */
const PLACES_LOCK = 0x706c6163;
/** The name of who cancels, in the history of a run. */
const ACTOR = 'db:adopt';

/** The places of the installation, and whether all of these are among them. */
export function readPlaces(options: PlaceOptions): Promise<KnownPlaces> {
  const here = placesOf(options.url, options.installationName);
  return withClient(options, async (client) => {
    const known = await client.place.findMany({ orderBy: { takenAt: 'asc' } });
    return { here, known, isKnown: here.every((place) => known.some((other) => isSamePlace(other, place))) };
  });
}

/** Takes this place for an installation that has none yet, as after the first deploy; otherwise does nothing. */
export function takeFirstPlace(options: PlaceOptions): Promise<void> {
  return changePlaces(options, async (db, here) => {
    if ((await db.place.count()) === 0) await insertPlaces(db, here, await firstInstallation(db));
  });
}

/** Adds this place to the installation: its control database has moved here, or this is another way to it. */
export function adoptPlace(options: PlaceOptions): Promise<void> {
  return changePlaces(options, async (db, here) => {
    const known = await db.place.findMany();
    const unknown = here.filter((place) => !known.some((other) => isSamePlace(other, place)));
    if (unknown.length === 0) return;
    await insertPlaces(db, unknown, known[0]?.installationId ?? (await firstInstallation(db)));
  });
}

/**
 * Makes this control database an installation of its own, at this place only. What its original has begun is the
 * original's: runs that had touched nothing are cancelled here, because both would run them.
 */
export function adoptAsCopy(options: PlaceOptions): Promise<AdoptedCopy> {
  return changePlaces(options, async (db, here) => {
    await db.place.deleteMany();
    const { id } = await db.installation.create({ data: { id: newId() } });
    await insertPlaces(db, here, id);
    return leaveRuns(db);
  });
}

async function leaveRuns(db: Db): Promise<AdoptedCopy> {
  const unfinished = await db.run.findMany({ where: { slot: { not: null } }, select: { uuid: true } });
  let cancelledRuns = 0;
  for (const { uuid } of unfinished) {
    const run = await readRun(db, uuid as Parameters<typeof readRun>[1]);
    if (await cancelUntouched({ db, run, actor: ACTOR })) cancelledRuns += 1;
  }
  return { cancelledRuns, runsInDoubt: unfinished.length - cancelledRuns };
}

/** The version before places knew an installation by these numbers, and may have prepared transactions under its id. */
async function firstInstallation(db: Db): Promise<string> {
  const [found] = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    SELECT id FROM installations
     WHERE database_oid = (SELECT oid::bigint FROM pg_database WHERE datname = current_database())
       AND system_identifier = ${await systemIdentifier(db)}`);
  if (found !== undefined) return found.id;
  return (await db.installation.create({ data: { id: newId() } })).id;
}

/** Null where the role may not know it: then the version before places could not have an installation either. */
async function systemIdentifier(db: Db): Promise<string | null> {
  const [right] = await db.$queryRaw<[{ granted: boolean }]>`
    SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS granted`;
  if (!right.granted) return null;
  const [row] = await db.$queryRaw<[{ id: string }]>`SELECT system_identifier::text AS id FROM pg_control_system()`;
  return row.id;
}

function newId(): string {
  return randomBytes(6).toString('hex');
}

async function insertPlaces(db: Db, places: readonly Place[], installationId: string): Promise<void> {
  await db.place.createMany({
    data: places.map(({ host, port, database }) => ({ host, port, database, installationId })),
  });
}

function changePlaces<T>(options: PlaceOptions, change: (db: Db, here: readonly Place[]) => Promise<T>): Promise<T> {
  const here = placesOf(options.url, options.installationName);
  return withClient(options, (client) =>
    transaction(client, async (db) => {
      await db.$executeRaw(Prisma.sql`SELECT pg_advisory_xact_lock(${PLACES_LOCK})`);
      return change(db, here);
    }),
  );
}

async function withClient<T>(address: ControlAddress, work: (client: Client) => Promise<T>): Promise<T> {
  const pool = createPool(workHosts(address), 1, PATIENT_MS);
  const client = createClient(pool);
  try {
    return await work(client);
  } finally {
    await client.$disconnect();
    if (!pool.ended) await pool.end();
  }
}
