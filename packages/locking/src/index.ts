export { createRedisLocks, type LockWaitOutcome, type RedisLocks, type RedisLocksOptions } from './redis-locks.js';
