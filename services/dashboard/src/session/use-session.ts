import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Caller, Session, SessionState } from './session.js';

const LEVELS: readonly Caller['level'][] = ['Read', 'Write', 'Admin', 'SuperAdmin'];

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new TypeError('nobody has opened a session around this');
  return session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** Whoever is logged in, or was until a moment ago. */
export function useCaller(): Caller {
  const state = useSessionState();
  if ('caller' in state) return state.caller;
  throw new TypeError('nobody is logged in');
}

export function hasLevel({ level }: Caller, least: Caller['level']): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}
