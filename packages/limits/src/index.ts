export { createRedisLimits, type RedisLimits, type RedisLimitsOptions } from './redis-limits.js';
