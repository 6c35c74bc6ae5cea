import { EventEmitter } from 'node:events';
import { Connection, type ConnectionConfig } from 'pg';
import type { AnswerLimits } from '../../answer-limits.js';
import { Conversation, type Exchange } from './conversation.js';
import { FrameReader, HEADER_BYTES } from './frame-reader.js';
import { isRefusal, ProtocolViolation } from './guard-errors.js';
import './pg-internals.js';
import type { RowWork } from './row-work.js';

/** A server that does not close the session after our goodbye within this time is cut off. */
const GOODBYE_MS = 1000;

/** A question whose answer is read and counts. */
const PLAIN: Exchange = { dropRows: false };

/** After so much the event loop has its turn: one read of a socket can bring 32 times as much at a stretch. */
const TURN_BYTES = 64 * 1024;

/**
 * The driver's connection with a guard between the socket and the parser. Whatever goes wrong with what a server sends
 * (the guard refuses it, the parser or one of the driver's handlers throws) ends this one connection: its queries
 * reject, its socket is destroyed, and nothing is thrown into the socket's event.
 */
export class GuardedConnection extends Connection {
  private readonly conversation: Conversation;
  private readonly reader: FrameReader;
  /** Where the driver's parser listens. */
  private readonly checked = new EventEmitter();
  private exchange: Exchange = PLAIN;
  private isGathering = false;
  private sinceTurn = 0;
  private bytes = 0;

  constructor(
    config: ConnectionConfig,
    limits: AnswerLimits,
    private readonly rowWork: RowWork,
  ) {
    super(config);
    this.conversation = new Conversation(limits);
    this.reader = new FrameReader({
      admit: (code, length) => this.conversation.admit(code, length),
      take: (frame) => this.take(frame),
    });
    this.on('error', () => this.breakOff());
    this.on('end', () => this.conversation.end());
  }

  /** Bytes so far, and those of data that it has read: a sign that the server is there. */
  get received(): number {
    return this.bytes;
  }

  /** Notices that nobody has read, as there were too many or they were too long. */
  get unreadNotices(): number {
    return this.conversation.unreadNotices;
  }

  override attachListeners(stream: EventEmitter): void {
    super.attachListeners(this.checked);
    stream.on('data', (chunk: Buffer) => {
      this.receive(chunk);
      this.takeTurns(chunk.length);
    });
  }

  /** Sends messages that end in one Sync, and hears its answer as the exchange says. */
  ask(messages: Buffer, exchange: Exchange): void {
    this.conversation.asked(exchange);
    if (this.stream.writable) this.stream.write(messages);
  }

  override query(text: string): void {
    this.conversation.asked(this.exchange);
    super.query(text);
  }

  override sync(): void {
    this.conversation.asked(this.exchange);
    super.sync();
  }

  /** A question whose Sync follows later: `syncAnswered`. */
  override flush(): void {
    this.conversation.asked(this.exchange);
    super.flush();
  }

  /** The Sync of what a Flush has asked. */
  syncAnswered(): void {
    if (this.stream.writable) super.sync();
  }

  override end(): void {
    const timer = setTimeout(() => this.breakOff(), GOODBYE_MS);
    this.once('end', () => clearTimeout(timer));
    super.end();
  }

  /** What `send` sends is asked so. */
  asking<T>(exchange: Exchange, send: () => T): T {
    this.exchange = exchange;
    try {
      return send();
    } finally {
      this.exchange = PLAIN;
    }
  }

  /** What `send` sends travels together, where it fits. */
  inOneWrite<T>(send: () => T): T {
    this.stream.cork();
    try {
      return send();
    } finally {
      this.stream.uncork();
    }
  }

  /** What is sent in this turn of the event loop travels together. */
  gatherTurn(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    const { stream } = this;
    stream.cork();
    setImmediate(() => {
      this.isGathering = false;
      stream.uncork();
    });
  }

  /** Resolves when the network has taken the data; false when it takes no more. */
  async sendCopyData(data: Buffer): Promise<boolean> {
    const isSent = await new Promise<boolean>((resolve) => {
      this.stream.write(copyData(data), (error) => resolve(error === undefined || error === null));
    });
    // The server is there: it reads.
    if (isSent) this.bytes += data.length;
    return isSent;
  }

  /** Whoever asks keeps the answers until `releaseAnswers`. */
  holdAnswers(): void {
    this.conversation.hold();
  }

  releaseAnswers(): void {
    this.conversation.release();
  }

  /** Cuts the session off, whatever it is doing. */
  breakOff(): void {
    this.reader.stop();
    this.stream.destroy();
  }

  private receive(chunk: Buffer): void {
    this.bytes += chunk.length;
    try {
      this.reader.push(chunk);
    } catch (error) {
      this.emit('error', refusalOf(error));
    }
  }

  private takeTurns(bytes: number): void {
    this.sinceTurn += bytes;
    if (this.sinceTurn < TURN_BYTES) return;
    this.sinceTurn = 0;
    const { stream } = this;
    stream.pause();
    setImmediate(() => stream.resume());
  }

  private take(frame: Buffer): void {
    const { reader } = this.conversation;
    this.conversation.accept(frame);
    this.rowWork.startRow();
    if (reader?.take(frame) !== true) this.checked.emit('data', frame);
    if (this.conversation.isOver) this.breakOff();
  }
}

/** A message CopyData. */
function copyData(data: Buffer): Buffer {
  const message = Buffer.allocUnsafe(HEADER_BYTES + data.length);
  message.write('d', 'latin1');
  message.writeUInt32BE(data.length + HEADER_BYTES - 1, 1);
  data.copy(message, HEADER_BYTES);
  return message;
}

function refusalOf(error: unknown): Error {
  return isRefusal(error) ? error : new ProtocolViolation('a message that cannot be read', { cause: error });
}
