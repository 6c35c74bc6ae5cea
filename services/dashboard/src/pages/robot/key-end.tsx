import { StateMark } from '../../parts/state-mark.js';
import { Moment, useNow } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';

const EVERY_MS = 60_000;

/** Until when a key is good. */
export function KeyEnd({ at }: { readonly at: string | null }) {
  const now = useNow(EVERY_MS);
  if (at === null) return <span className="dim">{TEXTS.robots.forEver}</span>;
  return Date.parse(at) <= now ? <StateMark state={TEXTS.robots.expired} tone="failed" /> : <Moment at={at} />;
}
