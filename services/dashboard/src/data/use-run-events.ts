import { runEvents, type RunEvent } from '@eden/client';
import { useEffect, useState } from 'react';
import { useConnection } from './connection.js';

/** Many events that come together are shown together. */
const SHOWN_EVERY_MS = 150;

/** What has happened in a run, as it happens; taken up again behind the last event when the stream breaks. */
export function useRunEvents(run: string | null): readonly RunEvent[] {
  const http = useConnection();
  const [events, setEvents] = useState<readonly RunEvent[]>([]);
  useEffect(() => {
    setEvents([]);
    if (run === null) return undefined;
    const leaving = new AbortController();
    const arrived: RunEvent[] = [];
    const timer = setInterval(() => {
      // Taken outside of the update, which React may compute more than once.
      const some = arrived.splice(0);
      if (some.length > 0) setEvents((known) => [...known, ...some]);
    }, SHOWN_EVERY_MS);
    const follow = async (): Promise<void> => {
      for await (const event of runEvents(http, run, { signal: leaving.signal })) arrived.push(event);
    };
    // What the run itself cannot be read for is told where it is shown.
    follow().catch(() => undefined);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [http, run]);
  return events;
}
