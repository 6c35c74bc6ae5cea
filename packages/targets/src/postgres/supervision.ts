import type { Endpoint, ParticipantSpec } from '@eden/domain';
import { KeepAlive } from '../keep-alive.js';
import { SessionWatch } from '../session-watch.js';
import { SessionGivenUp } from './guard/guard-errors.js';
import type { GuardedClient } from './guard/guarded-client.js';
import { participantApplication } from './names.js';
import { NoticeTap } from './notices.js';
import { statementFailure, type Translate } from './participant-failures.js';
import { isSilence, observe, watched, type ObserverLimits } from './session-observer.js';

export interface SupervisionLimits extends ObserverLimits {
  /** The server ends a participant that says nothing for so long; we ping it three times as often. */
  readonly idleInTransactionMs: number;
  /** For which a statement may neither be answered nor be seen at work. */
  readonly silenceMs: number;
}

/** Statements that are sent together: how each one begins, and its answers once `send` has sent them. */
export interface Together<T> {
  readonly begins: readonly (() => void)[];
  /** @param ended Of each, to be called when the server has come to its end. */
  send(ended: readonly ((hasFailed: boolean) => void)[]): readonly Promise<T>[];
}

/**
 * Looks after the session of a participant: pings it while nothing is asked of it, passes on what it says beside its answers, and
 * has somebody look at it from outside while it is at work.
 */
export class Supervision {
  private readonly keepAlive: KeepAlive;
  private readonly notices: NoticeTap;
  private underWay = 0;

  /** @param isOpen Whether its transaction is there and would be lost with the session. */
  constructor(
    private readonly client: GuardedClient,
    private readonly endpoint: Endpoint,
    private readonly spec: ParticipantSpec,
    private readonly limits: SupervisionLimits & { readonly isOpen: () => boolean },
  ) {
    this.notices = new NoticeTap(client, spec.onNotice);
    this.keepAlive = new KeepAlive(limits.idleInTransactionMs / 3, () => client.query('SELECT 1'));
  }

  get isIdle(): boolean {
    return this.underWay === 0;
  }

  /** No pings before something is asked of it again. */
  pause(): void {
    this.keepAlive.pause();
  }

  /** Does `work`, which waits for a lock for so long at most. */
  async attempt<T>(lockTimeoutMs: number, translate: Translate, work: () => Promise<T>): Promise<T> {
    this.start();
    this.notices.begin();
    const watch = this.watch(lockTimeoutMs);
    try {
      return await work();
    } catch (error) {
      throw await this.failure(error, watch, translate);
    } finally {
      await watch.stop();
      this.notices.end();
      this.finish();
    }
  }

  /** As `attempt`, for statements of which each one has its turn when the one before has been answered. */
  attemptTogether<T>(lockTimeoutMs: number, { begins, send }: Together<T>): readonly Promise<T>[] {
    const watches: SessionWatch[] = [];
    const begin = (turn: number): void => {
      this.notices.begin();
      begins[turn]?.();
      watches[turn] = this.watch(lockTimeoutMs);
    };
    const end = (turn: number, hasFailed: boolean): void => {
      // Behind one that has failed nobody has a turn.
      if (watches.length !== turn + 1) return;
      this.notices.end();
      if (hasFailed) return;
      // What this meets is met again when all are over.
      watches[turn]?.stop().catch(() => undefined);
      if (turn + 1 < begins.length) begin(turn + 1);
    };
    this.start();
    begin(0);
    const settled = send(begins.map((_, turn) => (hasFailed) => end(turn, hasFailed))).map((answer, turn) =>
      answer.catch(async (error: unknown) => {
        throw await this.failure(error, watches[turn], statementFailure);
      }),
    );
    return this.afterAll(settled, watches);
  }

  /** The session is idle again when the last answer, or the first error, is told. */
  private afterAll<T>(settled: readonly Promise<T>[], watches: readonly SessionWatch[]): readonly Promise<T>[] {
    const over = Promise.allSettled(settled)
      .then(() => Promise.all(watches.map((watch) => watch.stop())))
      .finally(() => {
        // Of one whose end was never heard.
        this.notices.end();
        this.finish();
      });
    const failed = async (error: unknown): Promise<never> => {
      await over;
      throw error;
    };
    return settled.map((answer, turn) =>
      turn === settled.length - 1 ? answer.finally(() => over) : answer.catch(failed),
    );
  }

  private start(): void {
    this.keepAlive.pause();
    this.underWay += 1;
  }

  private finish(): void {
    this.underWay -= 1;
    if (this.limits.isOpen() && this.isIdle) this.keepAlive.resume();
  }

  private watch(lockTimeoutMs: number): SessionWatch {
    const { client, endpoint, spec, limits } = this;
    return new SessionWatch(watched(client), {
      silenceMs: limits.silenceMs,
      connect: () => observe(endpoint, participantApplication(spec), limits),
      isSilence,
      lockTimeoutMs,
      onBlocked: (blockers) => spec.onBlocked({ endpoint_id: endpoint.id, blockers }),
    });
  }

  private async failure(error: unknown, watch: SessionWatch | undefined, translate: Translate): Promise<Error> {
    const blockers = (await watch?.stop()) ?? [];
    const cause = watch?.givenUp === undefined ? error : new SessionGivenUp(watch.givenUp);
    return translate(this.endpoint.id, cause, blockers);
  }
}
