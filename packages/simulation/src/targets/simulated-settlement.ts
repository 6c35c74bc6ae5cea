import { EdenError, isSameDatabase, type KnownRun } from '@eden/domain';
import type {
  DatabaseIdentity,
  DatabaseSighting,
  Endpoint,
  Fenced,
  LedgerRow,
  PreparedTransaction,
  Settlement,
} from '@eden/domain';
import { instantly } from './answers.js';
import * as server from './procedures.js';
import { LockNotAvailable, type Procedure, type TargetSession } from './target-session.js';
import { Connection, type TargetWay } from './target-way.js';

/** As packages/targets/src/postgres/settlement.ts: a session that was lost is replaced by the next call. */
export class SimulatedSettlement implements Settlement {
  private connection: Connection;

  constructor(
    private readonly way: TargetWay,
    private readonly endpoint: Endpoint,
  ) {
    this.connection = new Connection(way, endpoint, 'eden settlement');
  }

  open(): Promise<void> {
    return this.connection.open();
  }

  whereIs(known: DatabaseIdentity): Promise<DatabaseSighting> {
    return this.send('whereIs', ({ database }) =>
      instantly(() => {
        const { identity } = database;
        if (!isSameDatabase(identity, known)) return 'elsewhere';
        return identity.place === known.place ? 'here' : 'moved';
      }),
    );
  }

  listPrepared(installation: string): Promise<readonly PreparedTransaction[]> {
    return this.send('listPrepared', ({ database }) => instantly(() => database.listPrepared(installation)));
  }

  async commitPrepared(preparedId: string): Promise<'committed' | 'missing'> {
    const by = this.way.process.name;
    const isDone = await this.send('commitPrepared', ({ database }) =>
      instantly(() => database.commitPrepared(preparedId, by)),
    );
    return isDone ? 'committed' : 'missing';
  }

  async rollbackPrepared(preparedId: string): Promise<'rolled back' | 'missing'> {
    const by = this.way.process.name;
    const isDone = await this.send('rollbackPrepared', ({ database }) =>
      instantly(() => database.rollbackPrepared(preparedId, by)),
    );
    return isDone ? 'rolled back' : 'missing';
  }

  readLedger(runUuid: string): Promise<readonly LedgerRow[]> {
    return this.send('readLedger', ({ database }) => instantly(() => database.ledgerOf(runUuid)));
  }

  deleteLedger(run: KnownRun): Promise<void> {
    return this.send('deleteLedger', ({ database }) =>
      instantly(() => {
        database.forget(run);
      }),
    );
  }

  raiseFence(runUuid: string, migrationUuid: string, epoch: number): Promise<Fenced> {
    const { endpoint } = this;
    const fence = { runUuid, migrationUuid, epoch, timeoutMs: this.way.fenceWaitMs };
    return this.send('raiseFence', (session) => raiseOrTell(session, endpoint, fence, this.way.broken));
  }

  endBackends(runUuid: string, beforeEpoch: number): Promise<number> {
    const { broken } = this.way;
    return this.send('endBackends', ({ database }) =>
      instantly(() => {
        if (broken.has('sessions-are-ended')) return 0;
        const ended = [...database.sessions].filter((session) => isBefore(session.application, runUuid, beforeEpoch));
        for (const session of ended) session.end();
        return ended.length;
      }),
    );
  }

  close(): Promise<void> {
    this.connection.sever();
    return Promise.resolve();
  }

  private async send<T>(name: string, procedure: (session: TargetSession) => Procedure<T>): Promise<T> {
    if (!this.connection.isUsable) {
      this.connection = new Connection(this.way, this.endpoint, 'eden settlement');
      await this.connection.open();
    }
    return this.connection.send(name, procedure);
  }
}

function isBefore(name: string, runUuid: string, beforeEpoch: number): boolean {
  const [eden, run, epoch] = name.split('/');
  return eden === 'eden' && run === runUuid && Number(epoch) < beforeEpoch;
}

function* raiseOrTell(
  session: TargetSession,
  endpoint: Endpoint,
  fence: server.FenceRaise,
  broken: ReadonlySet<string>,
): Procedure<Fenced> {
  try {
    return yield* server.raiseFence(session, fence, broken);
  } catch (error) {
    session.rollBack();
    if (!(error instanceof LockNotAvailable)) throw error;
    const context = { endpoint_id: endpoint.id, migration_uuid: fence.migrationUuid, lock_timeout_ms: fence.timeoutMs };
    throw new EdenError('LOCK_TIMEOUT', context);
  }
}
