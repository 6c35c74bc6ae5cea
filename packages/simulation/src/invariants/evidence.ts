/** What faults have destroyed or forgotten: what no protocol can make good is no violation, as long as it is named. */
export class Evidence {
  /** A target has lost what it had acknowledged as prepared or committed, by the database's name. */
  readonly targetLosses = new Set<string>();
  /** A target has nothing left of what had been prepared or committed there. */
  hasLostData = false;
  /** The control database has lost commits. */
  hasRewound = false;
  /** Runs whose acceptance the control database has forgotten. */
  readonly forgottenRuns = new Set<string>();
  /** Runs that retention has taken away. */
  readonly prunedRuns = new Set<string>();
  /** Uuids of runs of which a step outside the transaction was left to a person. */
  readonly stepDoubts = new Set<string>();
  /** Uuids of runs that were named: in doubt, or contradicted. */
  readonly named = new Set<string>();

  /**
   * Executions may see what nobody can keep from them: also where a target has lost the very commit that the control
   * database has forgotten.
   */
  get isBeyondGates(): boolean {
    return this.hasLostData || (this.hasRewound && this.hasTargetLoss);
  }

  get hasTargetLoss(): boolean {
    return this.targetLosses.size > 0;
  }
}
