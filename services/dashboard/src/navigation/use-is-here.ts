import { useCallback, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';

/** Whether this is still on the page, for whoever has waited for an answer. */
export function useIsHere(): () => boolean {
  const here = useRef(false);
  useEffect(() => {
    here.current = true;
    return () => void (here.current = false);
  }, []);
  return useCallback(() => here.current, []);
}

/** Leads on from here when something is done; whoever has gone elsewhere meanwhile stays there. */
export function useGoOn(): (to: string, before?: () => void) => void {
  const [, navigate] = useLocation();
  const isHere = useIsHere();
  return (to, before) => {
    if (!isHere()) return;
    before?.();
    navigate(to);
  };
}
