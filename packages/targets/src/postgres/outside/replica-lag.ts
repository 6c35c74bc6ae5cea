/** A replica as its primary sees it at one moment. */
export interface SeenReplica {
  /** The process that sends to it. */
  readonly replica: number;
  /** Of what it has replayed last: it stays as it is while nothing more is replayed. */
  readonly lag_ms: number;
  readonly replayed_to: string;
  /** There is something that it has not replayed. */
  readonly is_behind: boolean;
}

interface Standstill {
  readonly replayedTo: string;
  readonly sinceMs: number;
}

/**
 * How far replicas are behind, over several looks at them. The server measures the lag of what was replayed; one that replays
 * nothing is told by its place, which stays where it is while there is more to replay.
 */
export class ReplicaLag {
  private standstills: ReadonlyMap<number, Standstill> = new Map();

  /** Of the one that is furthest behind; 0 where there is none. */
  greatestMs(replicas: readonly SeenReplica[], nowMs: number): number {
    const behind = replicas.filter(({ is_behind: isBehind }) => isBehind);
    this.standstills = new Map(
      behind.map(({ replica, replayed_to: replayedTo }) => {
        const before = this.standstills.get(replica);
        return [replica, before?.replayedTo === replayedTo ? before : { replayedTo, sinceMs: nowMs }];
      }),
    );
    const lags = replicas.map(({ replica, lag_ms: lagMs }) =>
      Math.max(lagMs, nowMs - (this.standstills.get(replica)?.sinceMs ?? nowMs)),
    );
    return Math.round(Math.max(0, ...lags));
  }
}
