import type { Duplex } from 'node:stream';
import { complete, ready } from './wire.js';

/** What a server does instead of answering; whatever it sends, it then keeps the connection open, unless it says else. */
export type Misbehaviour = (socket: Duplex) => void;

const DRIP_MS = 100;
const BURST_BYTES = 64 * 1024;

export const silence: Misbehaviour = () => undefined;

export const hangUp: Misbehaviour = (socket) => {
  socket.end();
};

export const cut: Misbehaviour = (socket) => {
  socket.destroy();
};

export const say =
  (...parts: readonly Buffer[]): Misbehaviour =>
  (socket) => {
    socket.write(Buffer.concat(parts));
  };

/** Says it, and from then on answers what ends a transaction as a good server does. */
export const sayAndServe =
  (...parts: readonly Buffer[]): Misbehaviour =>
  (socket) => {
    socket.on('data', (asked: Buffer) => {
      // Behind the code and the length.
      const statements = asked.toString('latin1', 5, asked.length - 1).split('; ');
      const tags = statements.map((statement) => complete(statement.split(' ')[0] ?? ''));
      if (asked.includes('COMMIT\0') || asked.includes('ROLLBACK')) socket.write(Buffer.concat([...tags, ready]));
    });
    socket.write(Buffer.concat(parts));
  };

export const sayAndHangUp =
  (...parts: readonly Buffer[]): Misbehaviour =>
  (socket) => {
    socket.end(Buffer.concat(parts));
  };

/** Says the first part once and the second one again and again, as fast as it is read. */
export const sayWithoutEnd =
  (once: Buffer, again: Buffer): Misbehaviour =>
  (socket) => {
    const burst = Buffer.concat(Array.from({ length: Math.ceil(BURST_BYTES / again.length) }, () => again));
    const pour = (): void => {
      if (socket.destroyed) return;
      if (socket.write(burst)) setImmediate(pour);
      else socket.once('drain', pour);
    };
    socket.write(once);
    pour();
  };

/** A million times is no end, but enough for a bound that grows. */
export const sayOften =
  (once: Buffer, again: Buffer, times: number, last: Buffer): Misbehaviour =>
  (socket) => {
    socket.write(once);
    const burst = Buffer.concat(Array.from({ length: 1000 }, () => again));
    let left = times / 1000;
    const pour = (): void => {
      if (socket.destroyed) return;
      if (left === 0) {
        socket.write(last);
        return;
      }
      left -= 1;
      if (socket.write(burst)) setImmediate(pour);
      else socket.once('drain', pour);
    };
    pour();
  };

/** One byte now and then, without an end. */
export const drip =
  (once: Buffer, again: Buffer): Misbehaviour =>
  (socket) => {
    socket.write(once);
    let at = 0;
    const timer = setInterval(() => {
      socket.write(again.subarray(at % again.length, (at % again.length) + 1));
      at += 1;
    }, DRIP_MS);
    socket.once('close', () => {
      clearInterval(timer);
    });
  };

/** Answers one question after the other, each with what `answers` gives for what was asked. */
export const converse =
  (first: Buffer, ...answers: readonly ((asked: Buffer) => Buffer)[]): Misbehaviour =>
  (socket) => {
    const waiting = [...answers];
    socket.on('data', (asked: Buffer) => {
      const answer = waiting.shift();
      if (answer !== undefined) socket.write(answer(asked));
    });
    socket.write(first);
  };
