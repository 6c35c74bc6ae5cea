/** The server's own limit, shorter than ours, so that what is merely slow or locked ends in order. */
const STATEMENT_TIMEOUT_MS = 1_200;
/** Longest transaction; the server frees the locks of one whose process has stopped. */
export const TRANSACTION_TIMEOUT_MS = 5_000;

/** What every statement runs under, as the server writes it. */
export const SETTINGS: Readonly<Record<string, string>> = {
  // Prisma reads and writes times without a zone.
  TimeZone: 'UTC',
  // Whatever is answered is on the disk, also where the role or the database is set to lazier commits.
  synchronous_commit: 'on',
  statement_timeout: `${STATEMENT_TIMEOUT_MS}ms`,
  idle_in_transaction_session_timeout: `${TRANSACTION_TIMEOUT_MS / 1_000}s`,
};

const ENTRIES = Object.entries(SETTINGS);

/** For one transaction, where the session is lent. */
export const SET_FOR_TRANSACTION = ENTRIES.map(([name, value]) => `SET LOCAL ${name} = '${value}'`).join(';');

/** The connection string with our session settings behind those that it may bring. */
export function withSessionOptions(url: string): string {
  const parsed = new URL(url);
  const ours = ENTRIES.map(([name, value]) => `-c ${name}=${value}`);
  const options = [parsed.searchParams.get('options'), ...ours].filter((part) => part !== null);
  parsed.searchParams.set('options', options.join(' '));
  return parsed.toString();
}
