import type { BoundText, Gate, JsonObject, StatementResult, Uuid } from '@eden/domain';
import { Query, type Connection } from 'pg';
import { serialize } from 'pg-protocol';
import { gateOfTexts, type FoundGate } from '../gate.js';
import { HEADER_BYTES } from '../guard/frame-reader.js';
import type { AnswerReader } from '../guard/conversation.js';
import type { GuardedConnection } from '../guard/guarded-connection.js';
import type { RowWork } from '../guard/row-work.js';
import { gateKey } from '../names.js';
import { newSeed } from '../session-reset.js';
import {
  BEGIN,
  call,
  COMMIT,
  GATE,
  LEFT,
  LIMITS,
  open,
  prepare,
  RESETS,
  RUN_OPENED,
  TRY_LOCK,
  type FixedStatement,
} from './fixed.js';
import { PreparedStatements, textOf, type PreparedStatement } from './prepared-statements.js';
import { RowDescription, textsOf } from './row-description.js';

const [PARSED, BOUND, CLOSED, NO_DATA, DESCRIBED, ROW, COMPLETE] = [0x31, 0x32, 0x33, 0x6e, 0x54, 0x44, 0x43];
const NOTHING_PREPARED = '{}';
const NONE = Buffer.alloc(0);

/** The statement's portal: the unnamed one is taken. */
const PORTAL = 'eden_read';

/* What goes before and behind the statement of every read, in bytes. */
const OPENING: readonly FixedStatement[] = [BEGIN, LIMITS];
const ENTRY: readonly FixedStatement[] = [TRY_LOCK, GATE];
const CLOSING: readonly FixedStatement[] = [LEFT, ...RESETS, COMMIT];
const OPEN = Buffer.concat(OPENING.map((each) => call(each)));
/** Each is prepared behind those before it: BEGIN comes before any snapshot, and what may wait for a table comes behind the limits. */
const FIRST_OPEN = Buffer.concat([...OPENING.flatMap((each) => [prepare([each]), call(each)]), prepare(CLOSING)]);
const DESCRIBE = serialize.describe({ type: 'P', name: PORTAL });
/** The look at what is left, with a seed of as many digits as each has. */
const SEED = newSeed();
const LOOK = open(LEFT, [SEED]);
const SEED_AT = LOOK.indexOf(SEED);
const REST = Buffer.concat([
  serialize.execute({ portal: PORTAL }),
  RUN_OPENED,
  ...RESETS.map((each) => call(each)),
  call(COMMIT),
  serialize.sync(),
]);

/** The session of a read: what it has prepared, and what reads its rows. */
export class PipelineSession {
  readonly statements = new PreparedStatements();
  private hasEntry = false;
  private hasFrame = false;

  constructor(readonly work: RowWork) {}

  /** The next message up to its statement, with what is prepared for the first time. */
  opening(gate: Gate | null): readonly Buffer[] {
    const frame = this.hasFrame ? OPEN : FIRST_OPEN;
    this.hasFrame = true;
    if (gate === null) return [frame];
    const preparing = this.hasEntry ? NONE : prepare(ENTRY);
    this.hasEntry = true;
    return [frame, preparing, entryOf(gate)];
  }
}

/**
 * One read of one statement that has its values beside it, and the whole transaction around it: limits, gate, statement, reset,
 * commit. All of that is prepared once in a session and then called by its name. All calls are one write and end in one Sync, so that
 * nothing behind one that fails is done. What is called is the same as in a read by text (shared-reads.ts).
 *
 * SQL that the statement calls can put statements of its own in the place of ours. The look at what is left is opened before the
 * statement runs, in a portal into which SQL can put nothing, and comes right behind it: it finds them before one of them has run.
 *
 * It reads the answers itself; the driver only hears of errors and of the end.
 */
export class PipelinedRead extends Query implements AnswerReader {
  /** Its statement is prepared by it. */
  readonly isNew: boolean;
  private readonly bytes: Buffer;
  private readonly statement: PreparedStatement;
  private readonly steps: readonly (FixedStatement | null)[];
  private readonly records: JsonObject[] = [];
  private at = 0;
  private rowCount = 0;
  private gateTexts: readonly (string | null)[] = [];
  private hasLeftNothing = false;

  constructor(
    private readonly session: PipelineSession,
    bound: BoundText,
    private readonly gate: Gate | null,
    done: (error: Error | null) => void,
  ) {
    super('', done as () => void);
    const { statement, before } = session.statements.use(bound);
    this.isNew = before.length > 0;
    this.statement = statement;
    this.steps = gate === null ? UNGATED : GATED;
    const bind = serialize.bind({ portal: PORTAL, statement: statement.name, values: bound.values.map(textOf) });
    LOOK.write(newSeed(), SEED_AT, 'latin1');
    this.bytes = Buffer.concat([...session.opening(gate), LOOK, ...before, bind, this.isNew ? DESCRIBE : NONE, REST]);
  }

  override submit = (connection: Connection): null => {
    (connection as GuardedConnection).ask(this.bytes, { dropRows: false, reader: this });
    return null;
  };

  /** Whether everything was done, and nothing is left in the session. */
  get isFine(): boolean {
    return this.at === this.steps.length && this.hasLeftNothing;
  }

  get result(): StatementResult {
    return { rows: this.records, rowCount: this.rowCount };
  }

  /** Null where there is none to look at. @throws ProtocolViolation */
  get foundGate(): FoundGate | null {
    return this.gate === null ? null : gateOfTexts(this.gateTexts);
  }

  get columns(): number | null {
    const step = this.steps[this.at];
    return (step === null ? this.statement.row?.width : step?.columns) ?? null;
  }

  take(frame: Buffer): boolean {
    switch (frame.readUInt8(0)) {
      case PARSED:
      case BOUND:
      case CLOSED:
      case NO_DATA:
        return true;
      case DESCRIBED:
        this.statement.row = RowDescription.of(frame);
        return true;
      case ROW:
        this.takeRow(frame);
        return true;
      case COMPLETE:
        this.complete(frame);
        return true;
      default:
        return false;
    }
  }

  private takeRow(frame: Buffer): void {
    const step = this.steps[this.at];
    if (step === null) this.records.push(this.statement.row?.read(frame, this.session.work) ?? {});
    else if (step === GATE) this.gateTexts = textsOf(frame);
    else if (step === LEFT) this.hasLeftNothing = textsOf(frame).at(-1) === NOTHING_PREPARED;
  }

  private complete(frame: Buffer): void {
    if (this.steps[this.at] === null) this.rowCount = rowsIn(frame);
    this.at += 1;
  }
}

/** Null: the statement itself. */
const UNGATED: readonly (FixedStatement | null)[] = [...OPENING, null, ...CLOSING];
const GATED: readonly (FixedStatement | null)[] = [...OPENING, ...ENTRY, null, ...CLOSING];

/** Its gate, made once for each API; beyond that many all of them anew. */
const MOST_ENTRIES = 10_000;
const entries = new Map<Uuid, Buffer>();

function entryOf({ apiUuid }: Gate): Buffer {
  const known = entries.get(apiUuid);
  if (known !== undefined) return known;
  const entry = Buffer.concat([call(TRY_LOCK, [String(gateKey(apiUuid))]), call(GATE, [apiUuid])]);
  if (entries.size >= MOST_ENTRIES) entries.clear();
  entries.set(apiUuid, entry);
  return entry;
}

/** The number at the end of a command's tag, `SELECT 3`. */
function rowsIn(frame: Buffer): number {
  const tag = frame.toString('latin1', HEADER_BYTES, frame.length - 1);
  return Number(tag.slice(tag.lastIndexOf(' ') + 1)) || 0;
}
