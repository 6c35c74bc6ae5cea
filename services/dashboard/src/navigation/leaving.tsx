import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Router, type AroundNavHandler } from 'wouter';

/** Goes on to where somebody wanted to go. */
export type Leave = () => void;

/** Knows whether something is being written, of which whoever leads elsewhere has to ask. */
class Written {
  ask: ((leave: Leave) => void) | null = null;

  readonly aroundNav: AroundNavHandler = (lead, to, options) => {
    const leave = (): void => lead(to, options);
    if (this.ask === null) leave();
    else this.ask(leave);
  };
}

const WrittenContext = createContext(new Written());

/** Every way from one page to another, but for the browser's own. */
export function Ways({ children }: { readonly children: ReactNode }) {
  const written = useMemo(() => new Written(), []);
  return (
    <WrittenContext value={written}>
      <Router base="/ui" aroundNav={written.aroundNav}>
        {children}
      </Router>
    </WrittenContext>
  );
}

interface Leaving {
  /** Where somebody wants to go while something is written. */
  readonly leave: Leave | null;
  readonly stay: () => void;
  /** Nothing is asked from here on: what was written is saved, or not wanted. */
  readonly letGo: () => void;
}

/** Before what was written is lost, somebody is asked: here, and by the browser. */
export function useLeaving(isWritten: boolean): Leaving {
  const written = useContext(WrittenContext);
  const [leave, setLeave] = useState<Leave | null>(null);
  useEffect(() => {
    if (!isWritten) return undefined;
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', onUnload);
    written.ask = (way) => setLeave(() => way);
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      written.ask = null;
    };
  }, [written, isWritten]);
  return { leave, stay: () => setLeave(null), letGo: () => (written.ask = null) };
}
