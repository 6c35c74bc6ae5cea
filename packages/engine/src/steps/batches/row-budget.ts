/** Rows that were done ahead of the rate, as of a moment of `Clock.elapsedMs`. */
export interface RowDebt {
  readonly rows: number;
  readonly atMs: number;
}

const NO_DEBT: RowDebt = { rows: 0, atMs: 0 };

const SECOND_MS = 1_000;

/** A leaky bucket: what was done is owed, and falls due at the rate. Nothing is saved up, so that a pause is followed by no burst. */
function debtAt({ rows, atMs }: RowDebt, rowsPerSecond: number, nowMs: number): RowDebt {
  const paid = (Math.max(0, nowMs - atMs) / SECOND_MS) * rowsPerSecond;
  return { rows: Math.max(0, rows - paid), atMs: nowMs };
}

/** How long nobody begins another batch. @param rowsPerSecond Null: no limit */
export function waitMsOf(debt: RowDebt, rowsPerSecond: number | null, nowMs: number): number {
  if (rowsPerSecond === null) return 0;
  return Math.ceil((debtAt(debt, rowsPerSecond, nowMs).rows / rowsPerSecond) * SECOND_MS);
}

/** One budget for all databases of a run. */
export class RowBudget {
  private debt = NO_DEBT;

  /** What was done while there was no limit is owed by nobody: one that is set later does not stop the run for it. */
  spend(rows: number, rowsPerSecond: number | null, nowMs: number): void {
    if (rowsPerSecond === null) return void (this.debt = NO_DEBT);
    const { rows: owed, atMs } = debtAt(this.debt, rowsPerSecond, nowMs);
    this.debt = { rows: owed + rows, atMs };
  }

  waitMs(rowsPerSecond: number | null, nowMs: number): number {
    return waitMsOf(this.debt, rowsPerSecond, nowMs);
  }
}
