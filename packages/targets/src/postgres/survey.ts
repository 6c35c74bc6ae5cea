import type { LintFinding, Preparing, TargetSurvey } from '@eden/domain';
import { escapeIdentifier, type ClientBase } from 'pg';
import { endpointUnavailable } from './errors.js';
import { onlyRow, type Columns } from './guard/rows.js';
import type { CatalogWork } from './inspect.js';
import { PREPARED_SLOTS, slotHolders, slotsTaken, type SlotHolder } from './prepared-slots.js';
import { shortTransaction } from './short-transaction.js';
import { readSql } from './sql.js';
import { functionsIn, notificationsOf, notifying, triggersIn } from './trigger-effects.js';

const SURVEY = readSql('survey');
const TRIGGERS = readSql('triggers');
const TRIGGER_FUNCTIONS = readSql('trigger-functions');

interface SurveyRow {
  readonly max_prepared: number;
  readonly prepared: number;
  readonly role: string;
  readonly database: string;
  readonly role_left: number;
  readonly database_left: number;
  readonly temp_file_limit: string;
  readonly idle_session_ms: number;
  readonly read_only: boolean;
}

const COLUMNS: Columns<SurveyRow> = {
  max_prepared: 'number',
  prepared: 'number',
  role: 'text',
  database: 'text',
  role_left: 'number',
  database_left: 'number',
  temp_file_limit: 'text',
  idle_session_ms: 'number',
  read_only: 'boolean',
};

/** How long a participant may wait for its turn before it begins. */
const TURN_MS = 60_000;

/** Connections that a run takes at once at most in one database: participant, watcher, settlement, and one of the pool. */
const CONNECTIONS_OF_A_RUN = 4;

/** All of it in one round trip. @throws EdenError ENDPOINT_UNAVAILABLE */
export async function survey(client: ClientBase, { endpoint, answerTimeoutMs }: CatalogWork): Promise<TargetSurvey> {
  const limits = { lockTimeoutMs: answerTimeoutMs, statementTimeoutMs: answerTimeoutMs, readOnly: true } as const;
  const statements = ['SET LOCAL search_path = pg_catalog', SURVEY, PREPARED_SLOTS, TRIGGERS, TRIGGER_FUNCTIONS];
  try {
    const [, found, slots, triggers, functions] = await shortTransaction(client, limits, statements);
    const row = onlyRow(found, COLUMNS);
    const holders = slotHolders(slots);
    const notifiers = await notifying(triggersIn(triggers), functionsIn(functions));
    return {
      preparing: preparingOf(row, holders),
      findings: findingsOf(row, holders),
      whyUnprepared: (statement) => notificationsOf(notifiers, statement),
    };
  } catch (error) {
    throw endpointUnavailable(endpoint.id, error);
  }
}

function preparingOf(row: SurveyRow, holders: readonly SlotHolder[]): Preparing {
  const slotsFree = Math.max(0, row.max_prepared - row.prepared);
  const reasons = [
    ...(row.max_prepared === 0
      ? ['max_prepared_transactions is 0, the default: set it to the number of migrations at once, and restart it']
      : []),
    ...(row.max_prepared > 0 && slotsFree === 0 ? [slotsTaken(holders, row.max_prepared)] : []),
    ...(row.read_only ? ['it is a standby, which takes no writes'] : []),
  ];
  return { possible: reasons.length === 0, maxPreparedTransactions: row.max_prepared, slotsFree, reasons };
}

function findingsOf(row: SurveyRow, holders: readonly SlotHolder[]): readonly LintFinding[] {
  const { max_prepared: most, prepared, role, database } = row;
  const warnings = [
    [most > 0 && prepared >= most, 'prepared-slots', slotsTaken(holders, most)],
    [isShort(row.role_left), 'role-connections', connectionsLeft(`the role ${role}`, row.role_left)],
    [isShort(row.database_left), 'database-connections', connectionsLeft(database, row.database_left)],
    [row.temp_file_limit !== '-1', 'temp-file-limit', temporaryFiles(row.temp_file_limit)],
    [isHasty(row.idle_session_ms), 'idle-session-timeout', idleSessions(role, row.idle_session_ms)],
  ] as const;
  return warnings.flatMap(([applies, rule, message]) => (applies ? [{ rule, severity: 'warning', message }] : []));
}

function isShort(left: number): boolean {
  return left >= 0 && left < CONNECTIONS_OF_A_RUN;
}

function isHasty(idleMs: number): boolean {
  return idleMs > 0 && idleMs < TURN_MS;
}

function idleSessions(role: string, idleMs: number): string {
  return `idle_session_timeout is ${idleMs} ms, and ends a participant that waits for its turn to begin: ALTER ROLE ${escapeIdentifier(role)} SET idle_session_timeout = 0`;
}

function connectionsLeft(whose: string, left: number): string {
  return `${left} connections are left below the limit that is set for ${whose}, and a run takes up to ${CONNECTIONS_OF_A_RUN}: raise its CONNECTION LIMIT`;
}

function temporaryFiles(limit: string): string {
  return `temp_file_limit is ${limit}, and ends a statement that sorts or builds an index with more: only a superuser can lift it`;
}
