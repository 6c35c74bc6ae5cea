import type { RedisClient } from '@eden/redis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

const WINDOW_SECONDS = 60;
const MS_PER_SECOND = 1000;

export interface Count {
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly exceeded: boolean;
}

/** Counts by keys over windows of a minute; each begins with its first count. */
export class Counter {
  private readonly limiter: RateLimiterRedis;

  constructor(
    client: RedisClient,
    name: string,
    readonly most: number,
  ) {
    this.limiter = new RateLimiterRedis({
      storeClient: client,
      keyPrefix: `eden:limit:${name}`,
      points: most,
      duration: WINDOW_SECONDS,
      rejectIfRedisNotReady: true,
    });
  }

  /** @throws Error when Redis does not answer */
  async count(key: string): Promise<Count> {
    try {
      return toCount(await this.limiter.consume(key), false);
    } catch (error) {
      if (error instanceof RateLimiterRes) return toCount(error, true);
      throw error;
    }
  }

  /** Counts, and is never exceeded. @throws Error when Redis does not answer */
  async countOnly(key: string): Promise<void> {
    await this.limiter.penalty(key);
  }

  /** @throws Error when Redis does not answer */
  async takeBack(key: string): Promise<void> {
    await this.limiter.reward(key);
  }
}

function toCount({ remainingPoints, msBeforeNext }: RateLimiterRes, exceeded: boolean): Count {
  return { remaining: remainingPoints, resetSeconds: Math.max(1, Math.ceil(msBeforeNext / MS_PER_SECOND)), exceeded };
}
