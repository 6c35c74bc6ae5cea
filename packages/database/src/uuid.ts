import { randomBytes } from 'node:crypto';
import { asUuid, type Uuid } from '@eden/domain';

const COUNTER_LIMIT = 0x1000;

let lastMs = 0;
let counter = 0;

/**
 * A version 7 uuid (RFC 9562, method 1 of section 6.2): rows that this process makes within one millisecond keep their
 * order in lists, where the uuid settles equal times.
 */
export function newUuid(): Uuid {
  counter = Date.now() > lastMs ? 0 : counter + 1;
  // A full counter borrows from the next millisecond, and a clock that was set back stands still.
  lastMs = Math.max(Date.now(), lastMs + (counter === COUNTER_LIMIT ? 1 : 0));
  counter %= COUNTER_LIMIT;
  const time = lastMs.toString(16).padStart(12, '0');
  const random = randomBytes(8);
  random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
  const tail = random.toString('hex');
  return asUuid(
    `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`,
  );
}
