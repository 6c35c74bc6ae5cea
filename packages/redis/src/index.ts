export { connect, end, type ConnectionRole, type RedisClient } from './connect.js';
export { parseRedisAddress, type RedisAddress } from './redis-address.js';
