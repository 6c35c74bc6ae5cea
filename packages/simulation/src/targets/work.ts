import type { LedgerRow } from '@eden/domain';
import type { DoneBatch } from './backfills.js';
import type {
  FileStatement,
  NoteStatement,
  OutsideStatement,
  StepStatement,
  UnbatchStatement,
  WriteStatement,
} from './statements.js';
import type { StepRow } from './step-row.js';

/** What a transaction will have changed once it has committed. */
export class Work {
  readonly steps: StepStatement[] = [];
  readonly writes: WriteStatement[] = [];
  readonly outside: OutsideStatement[] = [];
  readonly stepRows = new Map<string, StepRow>();
  readonly batches: DoneBatch[] = [];
  readonly unbatched: UnbatchStatement[] = [];
  /** Null: the index is dropped. */
  readonly indexes = new Map<string, Index | null>();
  readonly items: number[] = [];
  readonly removed: number[] = [];
  readonly files: FileStatement[] = [];
  readonly notes: NoteStatement[] = [];
  readonly histories: string[] = [];
  readonly gates = new Map<string, number>();
  readonly fences = new Map<string, number>();
  ledger: (LedgerRow & { readonly run: string }) | null = null;
  readonly locks = new Set<string>();
  /** The id under which it is prepared. */
  preparedId: string | null = null;

  constructor(readonly name: string) {}

  /** The state that a savepoint goes back to. */
  mark(): () => void {
    const { steps, writes, items, files, notes, histories, unbatched } = this;
    const parts = [steps, writes, items, files, notes, histories, unbatched];
    const lengths = parts.map(({ length }) => length);
    const indexes = [...this.indexes];
    return () => {
      this.indexes.clear();
      for (const [name, index] of indexes) this.indexes.set(name, index);
      for (const [index, part] of parts.entries()) part.length = lengths[index] ?? 0;
    };
  }
}

/** That was built concurrently. */
export interface Index {
  /** Another one of that name has another. */
  readonly id: number;
  readonly isValid: boolean;
  /** Somebody has built it by hand. */
  readonly isForeign?: true;
}
