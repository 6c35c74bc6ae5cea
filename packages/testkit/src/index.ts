export { ApiClient, type ApiResponse } from './api-client.js';
export { startCluster, type Cluster, type ClusterOptions, type Mains, type Organization } from './cluster.js';
export {
  findChromium,
  freePort,
  type LogLine,
  type PgBouncer,
  type PostgresServer,
  type ServiceProcess,
} from '@eden/sandbox';
export {
  adoptPlace,
  createControlDatabase,
  createDatabase,
  dropDatabase,
  withClient,
  type TestDatabase,
} from './databases.js';
export { eventually } from './eventually.js';
export {
  connectMariaDb,
  createMariaDbDatabase,
  hasMariaDb,
  preparedInMariaDb,
  startMariaDb,
  withMariaDb,
  type MariaDbDatabase,
  type MariaDbServer,
} from './mariadb.js';
export { hasPgBouncer, startPgBouncer } from './pgbouncer.js';
export { startServerWithClients, type ServerWithClients } from './postgres-clients.js';
export {
  send,
  startHttpService,
  type HttpServiceUnderTest,
  type Interference,
  type SeenRequest,
} from './http-service.js';
export { keysOf, redisDatabase, startRedisMasters, type RedisServer } from './redis.js';
export { startRedisCluster, type RedisCluster } from './redis-cluster.js';
export {
  KubernetesApiServer,
  startKubernetes,
  startOperator,
  type FakeRequest,
  type Fault,
  type KubeObject,
} from './kubernetes/index.js';
export { startTcpProxy, type ReplyPredicate, type TcpProxy } from './tcp-proxy.js';
export { atEndOfFile, reportOnFailure } from './test-file.js';
export { testSandbox } from './test-sandbox.js';
export { startServer, startUnpreparedServer } from './own-server.js';
export { databaseUrl, testServers, type PostgresAddress, type TestServers } from './test-servers.js';
