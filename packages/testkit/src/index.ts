export { ApiClient, type ApiResponse } from './api-client.js';
export { startCluster, type Cluster, type ClusterOptions, type Organization } from './cluster.js';
export { freePort, type LogLine, type PostgresServer, type ServiceProcess } from '@eden/sandbox';
export {
  adoptPlace,
  createControlDatabase,
  createDatabase,
  dropDatabase,
  withClient,
  type TestDatabase,
} from './databases.js';
export { eventually } from './eventually.js';
export { startServerWithClients, type ServerWithClients } from './postgres-clients.js';
export { keysOf, redisDatabase, startRedisMasters, type RedisServer } from './redis.js';
export { startTcpProxy, type ReplyPredicate, type TcpProxy } from './tcp-proxy.js';
export { atEndOfFile, reportOnFailure } from './test-file.js';
export { testSandbox } from './test-sandbox.js';
export { startServer, startUnpreparedServer } from './own-server.js';
export { databaseUrl, testServers, type PostgresAddress, type TestServers } from './test-servers.js';
