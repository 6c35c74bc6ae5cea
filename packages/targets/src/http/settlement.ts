import type {
  DatabaseIdentity,
  DatabaseSighting,
  Fenced,
  LedgerRow,
  PreparedTransaction,
  Settlement,
} from '@eden/domain';

/** Tells whether an endpoint still leads to its service. As no run has a participant there, there is nothing to settle. */
export class PlaceOfService implements Settlement {
  constructor(private readonly here: DatabaseIdentity) {}

  whereIs({ place }: DatabaseIdentity): Promise<DatabaseSighting> {
    return Promise.resolve(place === this.here.place ? 'here' : 'elsewhere');
  }

  listPrepared(): Promise<readonly PreparedTransaction[]> {
    return Promise.resolve([]);
  }

  commitPrepared(): Promise<'missing'> {
    return Promise.resolve('missing');
  }

  rollbackPrepared(): Promise<'missing'> {
    return Promise.resolve('missing');
  }

  readLedger(): Promise<readonly LedgerRow[]> {
    return Promise.resolve([]);
  }

  deleteLedger(): Promise<void> {
    return Promise.resolve();
  }

  raiseFence(_run: unknown, _migration: unknown, fence: number): Promise<Fenced> {
    return Promise.resolve({ fence, ledger: [] });
  }

  endBackends(): Promise<number> {
    return Promise.resolve(0);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
