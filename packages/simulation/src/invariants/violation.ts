/** What docs/protocol.md promises, invariants that say it closer, and liveness: every accepted run ends and leaves nothing. */
export type PromiseName =
  'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P8' | 'P10' | 'P11' | 'P12' | 'I38' | 'I39' | 'liveness' | 'no crash';

/** A promise that was broken. */
export class Violation extends Error {
  override readonly name = 'Violation';

  constructor(
    readonly promise: PromiseName,
    readonly details: string,
  ) {
    super(`${promise}: ${details}`);
  }
}
