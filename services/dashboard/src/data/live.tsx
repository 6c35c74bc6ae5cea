import { organizationEvents, type Connection } from '@eden/client';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { useConnection } from './connection.js';

/** Whether changes come by themselves at the moment. */
type LiveState = 'connecting' | 'live' | 'lost';

const LiveContext = createContext<LiveState>('connecting');

export function useLiveState(): LiveState {
  return useContext(LiveContext);
}

/** What is told is read anew at once, and then, however many events come, this often at most. */
const SETTLE_MS = 400;
/** Events that come together are one. */
const TOGETHER_MS = 20;
const UNSEEN_MS = 20_000;

/** Reads anew what the service says has changed, as long as somebody looks at the page. */
export function Live({ children }: { readonly children: ReactNode }) {
  const http = useConnection();
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const isLookedAt = useIsLookedAt();
  useEffect(() => {
    if (!isLookedAt) return undefined;
    const leaving = new AbortController();
    const settled = collect((names) => {
      void queries.invalidateQueries({ predicate: ({ queryKey }) => isAbout(queryKey, names) });
    });
    const onState = (now: LiveState): void => {
      setState(now);
      // What happened while nobody listened.
      if (now === 'live') void queries.invalidateQueries({ predicate: ({ queryKey }) => isLive(queryKey) });
    };
    void follow(http, { signal: leaving.signal, onState, note: settled.note });
    return () => {
      leaving.abort();
      settled.stop();
    };
  }, [http, queries, isLookedAt]);
  return <LiveContext value={state}>{children}</LiveContext>;
}

interface Following {
  readonly signal: AbortSignal;
  readonly onState: (state: LiveState) => void;
  readonly note: (...names: string[]) => void;
}

/** What is not about the moment, such as a level that was taken away, is tried again with the next thing that is read. */
async function follow(http: Connection, { signal, onState, note }: Following): Promise<void> {
  try {
    for await (const { migration, migration_id: id, run } of organizationEvents(http, { signal, onState })) {
      note(migration, id, ...(run === null ? [] : [run.uuid]));
    }
  } catch {
    onState('lost');
  }
}

/** Names, handed on together once they have settled. */
function collect(settle: (names: ReadonlySet<string>) => void) {
  let names = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let settledAt = 0;
  const end = (): void => {
    timer = undefined;
    settledAt = performance.now();
    settle(names);
    names = new Set();
  };
  return {
    note: (...some: string[]) => {
      for (const name of some) names.add(name);
      timer ??= setTimeout(end, Math.max(TOGETHER_MS, settledAt + SETTLE_MS - performance.now()));
    },
    stop: () => clearTimeout(timer),
  };
}

/** A page that nobody sees gives its connection back after a while: a browser has six for all of its windows. */
function useIsLookedAt(): boolean {
  const [isLookedAt, setLookedAt] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onChange = (): void => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => setLookedAt(false), UNSEEN_MS);
      else setLookedAt(true);
    };
    document.addEventListener('visibilitychange', onChange);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onChange);
    };
  }, []);
  return isLookedAt;
}

/** Of what changes without anybody at this page. */
const LISTS: readonly unknown[] = ['migrations', 'runs'];
const SINGLE: readonly unknown[] = ['migration', 'run', 'lock', 'sources', 'plan'];

function isLive([kind]: readonly unknown[]): boolean {
  return LISTS.includes(kind) || SINGLE.includes(kind);
}

function isAbout([kind, name]: readonly unknown[], changed: ReadonlySet<string>): boolean {
  if (LISTS.includes(kind)) return true;
  return SINGLE.includes(kind) && typeof name === 'string' && changed.has(name);
}
