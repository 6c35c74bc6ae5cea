import type { Clock } from '@eden/domain';

/** Now, as records tell it: RFC 3339. */
export function timeOf({ clock }: { readonly clock: Clock }): string {
  return clock.now().toISOString();
}
