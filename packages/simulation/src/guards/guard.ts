/** A guard that `--break` takes away, so that the simulator has to find out. */
export interface Guard {
  readonly name: string;
  /** What it does, as the invariant of docs/protocol.md has it. */
  readonly holds: string;
  /** In a port of the simulation, by its name, when absent. */
  readonly mutation?: Mutation;
}

/** A change of built source that must match exactly once. */
export interface Mutation {
  /** Below `packages`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}
