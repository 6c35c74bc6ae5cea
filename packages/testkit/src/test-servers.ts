/** A PostgreSQL cluster of this Jest run. */
export interface PostgresAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** A superuser; SCRAM. */
  readonly username: string;
  readonly password: string;
}

/** The servers that all test files of one Jest run use together. All clusters have max_prepared_transactions = 64 (see startUnpreparedServer). */
export interface TestServers {
  readonly control: PostgresAddress;
  readonly targets: readonly [PostgresAddress, PostgresAddress];
  readonly redisUrl: string;
  /** Where test files keep their own servers and processes. */
  readonly filesDirectory: string;
}

export function testServers(): TestServers {
  const coordinates = process.env['EDEN_TEST_SERVERS'];
  if (coordinates === undefined) throw new Error('No test servers: this project has no globalSetup in jest.config.js');
  return JSON.parse(coordinates) as TestServers;
}

/** A connection string for the server's superuser. */
export function databaseUrl(server: PostgresAddress, database: string): string {
  const { username, password, host, port } = server;
  return `postgresql://${username}:${password}@${host}:${port}/${database}`;
}
