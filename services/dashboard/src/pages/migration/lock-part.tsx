import type { Lock, Migration } from '@eden/client';
import { useResource } from '../../data/use-resource.js';
import { Age } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { isOver } from '../run/run-time.js';

const T = TEXTS.migration;
const LOOK_MS = 3_000;

type Holder = NonNullable<Lock['writer']>;

/** Who holds and who waits for the lock, and since when; while a run is under way. */
export function LockPart({ migration: { id, uuid, run } }: { readonly migration: Migration }) {
  const isActive = run !== null && !isOver(run);
  const locks = useResource({
    key: ['lock', uuid],
    read: (http, signal) =>
      http.GET('/api/v1/migrations/{migration}/lock', { params: { path: { migration: id } }, signal }),
    enabled: isActive,
    everyMs: () => (isActive ? LOOK_MS : 0),
  });
  if (!isActive || locks.data === undefined) return null;
  const holders = locks.data.flatMap(holdersOf);
  return (
    <section className="block">
      <h2>{T.lock}</h2>
      {holders.length === 0 ? (
        <p className="dim">{T.lockFree}</p>
      ) : (
        <ul className="plain-list">
          {holders.map(({ does, kind, holder }, index) => (
            <li key={index}>
              <strong>{holder.purpose}</strong> {does} ({T.lockOf(kind)}) <span className="dim">{holder.process}</span>,{' '}
              {T.since} <Age at={holder.since} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A run takes the locks of its APIs with that of the migration: those are told only where they are somebody else's. */
function holdersOf({ resource: { kind }, writer, readers, waiting }: Lock) {
  const own = kind === 'api' && writer?.purpose.startsWith('run ') === true;
  const tell = (holders: readonly (Holder | null)[], does: string) =>
    holders.flatMap((holder) => (holder === null ? [] : [{ does, kind, holder }]));
  return [
    ...(own ? [] : tell([writer], T.lockHolder)),
    ...tell(readers, T.lockReader),
    ...tell(waiting, T.lockWaiting),
  ];
}
