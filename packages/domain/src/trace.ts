/** The trace's own part of a W3C `traceparent` (version-trace-span-flags); null where there is none. */
export function traceIdOf(traceparent: string | null): string | null {
  return /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-/.exec(traceparent ?? '')?.[1] ?? null;
}
