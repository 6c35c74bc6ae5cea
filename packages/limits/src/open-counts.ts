import { randomUUID } from 'node:crypto';
import type { OpenRequest } from '@eden/domain';
import type { RedisClient } from '@eden/redis';

/** A process that has not told its counts for so long is gone. */
const LEASE_MS = 30_000;
const RENEWALS_A_LEASE = 3;

/**
 * One hash for each organization and kind: by process, how many it has and until when that holds, on the clock of Redis.
 * A count that all of them together must not exceed is not written where they would. -1: no matter how many.
 */
const TELL = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local process, open, most, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
  if most >= 0 then
    local all = open
    local counts = redis.call('HGETALL', KEYS[1])
    for i = 1, #counts, 2 do
      local count, holds = string.match(counts[i + 1], '^(%d+) (%d+)$')
      if tonumber(holds) <= now then redis.call('HDEL', KEYS[1], counts[i])
      elseif counts[i] ~= process then all = all + tonumber(count) end
    end
    if all > most then return 0 end
  end
  if open == 0 then redis.call('HDEL', KEYS[1], process)
  else
    redis.call('HSET', KEYS[1], process, open .. ' ' .. string.format('%d', now + lease))
    redis.call('PEXPIRE', KEYS[1], lease)
  end
  return 1`;
const NO_LIMIT = -1;

/** The open requests of this process, told to the others, again and again for as long as there are any. */
export class OpenCounts {
  private readonly process = randomUUID();
  private readonly open = new Map<string, number>();
  private readonly renewal: NodeJS.Timeout;

  constructor(
    private readonly client: RedisClient,
    private readonly leaseMs = LEASE_MS,
  ) {
    this.renewal = setInterval(() => this.renew(), leaseMs / RENEWALS_A_LEASE).unref();
  }

  /** So many there are in this process now. */
  count(request: OpenRequest, change: 1 | -1): number {
    const key = keyOf(request);
    const open = (this.open.get(key) ?? 0) + change;
    if (open === 0) this.open.delete(key);
    else this.open.set(key, open);
    return open;
  }

  /**
   * Tells how many there were when it was counted. False, and not told, where all processes together had more than `most`.
   * Commands keep their order: what is told last is how it is. @throws Error when Redis does not answer
   */
  tell(request: OpenRequest, open: number, most?: number): Promise<boolean> {
    return this.tellOf(keyOf(request), open, most);
  }

  close(): void {
    clearInterval(this.renewal);
  }

  /** What could not be told is told by it, too. */
  private renew(): void {
    for (const [key, open] of this.open) this.tellOf(key, open).catch(() => undefined);
  }

  private async tellOf(key: string, open: number, most = NO_LIMIT): Promise<boolean> {
    return (await this.client.eval(TELL, 1, key, this.process, open, most, this.leaseMs)) === 1;
  }
}

function keyOf({ kind, organization }: OpenRequest): string {
  return `eden:limit:open:${kind}:${organization}`;
}
