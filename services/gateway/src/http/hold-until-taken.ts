import type { ServerResponse } from 'node:http';
import type { AnswerMemory } from '@eden/targets';
import { isOver, whenOver } from './when-over.js';

/** What is shorter passes by: a connection takes it at once. */
const SHORT_BYTES = 16 * 1024;
/** A client who has not taken an answer by then, nor those in front of it, is cut off. */
const LONGEST_TAKING_MS = 120_000;

/** Counts a long answer that was sent into the memory of its process for as long as its client has not taken it. */
export function holdUntilTaken(res: ServerResponse, memory: AnswerMemory, bytes: number): void {
  if (bytes <= SHORT_BYTES || isOver(res)) return;
  memory.hold(bytes);
  const cut = setTimeout(() => res.req.socket.destroy(), LONGEST_TAKING_MS);
  whenOver(res, () => {
    clearTimeout(cut);
    memory.giveBack(bytes);
  });
}
