import type { JsonObject } from '@eden/domain';
import { createConnection, type Connection, type ConnectionOptions } from 'mysql2';
import type { AnswerLimits } from '../../answer-limits.js';
import { readValue, type Field } from '../values.js';
import { isRefusal, ProtocolViolation, SessionGivenUp } from './guard-errors.js';
import { PacketGuard, type PacketSink } from './packet-guard.js';

/** A session that does not answer its goodbye within this time is cut off. */
const GOODBYE_MS = 1000;

/** After so much the event loop has its turn: one read of a socket can bring 32 times as much at a stretch. */
const TURN_BYTES = 64 * 1024;

/** What the driver has and its types do not know. */
interface DriverInternals {
  packetParser: PacketSink;
  readonly stream: { destroy(): void; pause(): void; resume(): void };
}

export interface QueryOptions {
  /** Longest wait for the answer; the session is cut off then. 0 or absent = none. */
  readonly answerTimeoutMs?: number | undefined;
  /** Rows are dropped unread and do not count. */
  readonly rows?: 'discard' | undefined;
}

/** What one statement has answered. */
export interface Answer {
  readonly rows: readonly JsonObject[];
  /** Rows returned, or affected by what returns none. */
  readonly rowCount: number;
  /** How many SHOW WARNINGS tells; unknown (0) of what returns rows. */
  readonly warnings: number;
}

/** The driver's, of what returns no rows. */
interface Header {
  readonly affectedRows: number;
  readonly warningStatus: number;
}

/**
 * A session of the driver with a guard between the socket and its parser. Whatever goes wrong with what a server sends
 * (the guard refuses it, the parser or one of the driver's handlers throws) ends this one session: its statements reject,
 * its socket is destroyed, and nothing is thrown into the socket's event.
 */
export class GuardedSession {
  /** As the server calls it; known when the session is set up. */
  database = '';
  private readonly guard: PacketGuard;
  private readonly internals: DriverInternals;
  private readonly rejections = new Set<(error: Error) => void>();
  private turn: Promise<unknown> = Promise.resolve();
  private lost: Error | null = null;
  private bytes = 0;
  private sinceTurn = 0;

  private constructor(
    private readonly connection: Connection,
    limits: AnswerLimits,
  ) {
    this.internals = connection as unknown as DriverInternals;
    this.guard = new PacketGuard(this.internals.packetParser, limits);
    this.internals.packetParser = { execute: (chunk) => this.receive(chunk) };
    connection.on('error', (error: Error) => this.sever(error));
    connection.on('end', () => this.sever(new SessionGivenUp('connection lost')));
  }

  /** Resolves when the server has let us in. @throws what keeps it from doing so */
  static open(options: ConnectionOptions, limits: AnswerLimits, timeoutMs: number): Promise<GuardedSession> {
    const session = new GuardedSession(createConnection({ ...options, ...READING }), limits);
    return session.waitFor(timeoutMs, 'connection timed out', (resolve) => {
      session.connection.once('connect', () => {
        session.guard.ready();
        resolve(session);
      });
    });
  }

  /** Its number at the server. */
  get id(): number {
    return this.connection.threadId;
  }

  /** Bytes so far: a sign that the server is there. */
  get received(): number {
    return this.bytes;
  }

  get isLost(): boolean {
    return this.lost !== null;
  }

  /** Runs one statement, behind those that are under way: the server refuses a second one in the text. */
  query(text: string, options: QueryOptions = {}): Promise<Answer> {
    const answer = this.turn.then(() => this.send(text, options));
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  /** Makes it as new, but for the database and the account; its settings are the server's then. */
  reset(answerTimeoutMs: number): Promise<void> {
    const done = this.turn.then(() =>
      this.waitFor<void>(answerTimeoutMs, 'no answer in time', (resolve, reject) => {
        this.guard.asked(false);
        this.connection.reset((error) => (error === null ? resolve() : reject(error)));
      }),
    );
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** Whoever asks keeps the answers until `releaseAnswers`. */
  holdAnswers(): void {
    this.guard.hold();
  }

  releaseAnswers(): void {
    this.guard.release();
  }

  /** Says goodbye to a session that has nothing to do, and waits until it is gone. Never throws. */
  async end(): Promise<void> {
    if (this.lost !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GOODBYE_MS);
      this.rejections.add(() => {
        clearTimeout(timer);
        resolve();
      });
      this.connection.end(() => undefined);
    });
    this.sever(new SessionGivenUp('session closed'));
  }

  /** Cuts the session off, whatever it is doing. The server notices and rolls back. */
  sever(reason: Error = new SessionGivenUp('session closed')): void {
    if (this.lost !== null) return;
    this.lost = reason;
    this.internals.stream.destroy();
    this.guard.release();
    for (const reject of this.rejections) reject(reason);
    this.rejections.clear();
  }

  private send(text: string, { answerTimeoutMs = 0, rows }: QueryOptions): Promise<Answer> {
    return this.waitFor(answerTimeoutMs, 'no answer in time', (resolve, reject) => {
      this.guard.asked(rows === 'discard');
      this.connection.query({ sql: text }, (error, result: unknown) => {
        if (error === null) resolve(answerOf(result, this.guard.rows));
        else reject(error);
      });
    });
  }

  /** Until the session is lost, or nothing came in time: then it is cut off. */
  private waitFor<T>(
    timeoutMs: number,
    overdue: string,
    start: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
  ): Promise<T> {
    if (this.lost !== null) return Promise.reject(this.lost);
    return new Promise<T>((resolve, reject) => {
      const timer = timeoutMs > 0 ? setTimeout(() => this.sever(new SessionGivenUp(overdue)), timeoutMs) : undefined;
      const settle = (end: () => void) => {
        clearTimeout(timer);
        this.rejections.delete(fail);
        end();
      };
      const fail = (error: Error) => settle(() => reject(error));
      this.rejections.add(fail);
      start((value) => settle(() => resolve(value)), fail);
    });
  }

  private receive(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.lost !== null) return;
    try {
      this.guard.execute(chunk);
    } catch (error) {
      this.sever(isRefusal(error) ? error : new ProtocolViolation('a message that cannot be read', { cause: error }));
    }
    // A handler of the driver may have ended the session in the middle of the chunk: nobody gives back what came behind that.
    if (this.isLost) this.guard.release();
    this.takeTurns(chunk.length);
  }

  private takeTurns(bytes: number): void {
    this.sinceTurn += bytes;
    if (this.sinceTurn < TURN_BYTES) return;
    this.sinceTurn = 0;
    const { stream } = this.internals;
    stream.pause();
    setImmediate(() => stream.resume());
  }
}

/** Rows are plain JSON, and nothing that a server names becomes code here. */
const READING: ConnectionOptions = {
  typeCast: (field, next) => readValue(field as unknown as Field, next),
  disableEval: true,
  multipleStatements: false,
  flags: ['-LOCAL_FILES'],
};

/** A procedure gives a list of results, of which the last one with rows counts. */
function answerOf(result: unknown, rowsRead: number): Answer {
  if (!Array.isArray(result)) {
    const { affectedRows, warningStatus } = result as Header;
    return { rows: [], rowCount: affectedRows, warnings: warningStatus };
  }
  const lists = result.filter((each): each is JsonObject[] => Array.isArray(each));
  const rows = lists.at(-1) ?? (result as JsonObject[]);
  return { rows, rowCount: rows.length === 0 ? rowsRead : rows.length, warnings: 0 };
}
