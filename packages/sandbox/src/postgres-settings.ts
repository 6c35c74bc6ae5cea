/** Names and values as in postgresql.conf. */
export type PostgresSettings = Readonly<Record<string, string>>;

const DEFAULTS: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  // A socket's path may not be longer than about 100 characters, and everybody can use TCP.
  unix_socket_directories: '',
  max_connections: '200',
  max_prepared_transactions: '64',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Faster, and good for everything but a crash of the whole machine. */
const NOT_DURABLE: PostgresSettings = { fsync: 'off', full_page_writes: 'off', min_wal_size: '5MB' };

/** What `initdb` is told of such a cluster: its log comes in small files, so that a copy of it is small as well. */
export const NOT_DURABLE_INITDB = ['--no-sync', '--wal-segsize=1'] as const;

export function settingsFor(durable: boolean, own: PostgresSettings): PostgresSettings {
  return { ...DEFAULTS, ...(durable ? {} : NOT_DURABLE), ...own };
}

/** The whole postgresql.conf. */
export function renderSettings(settings: PostgresSettings, port: number): string {
  const lines = Object.entries({ ...settings, port: String(port) });
  return lines.map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`).join('');
}
