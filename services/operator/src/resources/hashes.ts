import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from '@eden/domain';
import type { SourceEntry } from '@eden/reconcile';
import type { EdenMigration, MigrationSpec } from './objects.js';

type Files = readonly Pick<SourceEntry, 'id' | 'files'>[];

/** Of a spec what says when and how often it runs, and what becomes of it, but not what runs. */
const NOT_WHAT_RUNS: readonly (keyof MigrationSpec)[] = [
  'suspend',
  'runToken',
  'onFailure',
  'deletionPolicy',
  'approval',
];

/** What an approval is bound to: the spec as far as it says what runs, and the bytes of its files. */
export function specHash(spec: MigrationSpec, sources: Files): string {
  const what = Object.fromEntries(
    Object.entries(spec).filter(([key]) => !NOT_WHAT_RUNS.includes(key as keyof MigrationSpec)),
  );
  const files = sources.flatMap(({ id, files: own }) => own.map(({ path, bytes }) => [id, path, digest(bytes)]));
  return digest(canonicalJson({ what, files } as unknown as JsonValue));
}

/** Which versions of Secrets something was made of. */
export function versionsHash(versions: readonly string[]): string {
  return digest(canonicalJson([...versions])).slice(0, 32);
}

/** One request to run: the same object, generation, run token and files. */
export function requestHash({ metadata, spec }: EdenMigration, hashOfSpec: string): string {
  const { uid, generation } = metadata;
  return digest(canonicalJson({ uid, generation, runToken: spec.runToken ?? null, hashOfSpec })).slice(0, 32);
}

/**
 * The Idempotency-Key of a migrate: uid, generation and run token, and behind them which try at which release and plan it
 * is. However often an operator asks, killed in the middle or two of them at once, it is one run.
 */
export function runKey(
  { metadata, spec }: EdenMigration,
  which: { readonly request: string; readonly release: string; readonly planHash: string; readonly failures: number },
): string {
  const detail = digest(canonicalJson({ ...which })).slice(0, 16);
  return [metadata.uid, metadata.generation, spec.runToken ?? '', detail].join('.');
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
