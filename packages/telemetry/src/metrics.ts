import { RUN_KINDS } from '@eden/domain';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const RUN_RESULTS = ['succeeded', 'failed', 'cancelled', 'requeued'] as const;
const LOCK_MODES = ['read', 'write'] as const;
const LOCK_FAILURES = ['timeout', 'unavailable'] as const;
const VALIDATION_RESULTS = ['ok', 'failed'] as const;

/** From 1 ms to 1 h: a lock wait and a backfill have to fit on one scale. */
const DURATION_BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600,
];

type Names<L extends string> = { readonly name: string; readonly help: string; readonly labelNames?: readonly L[] };

/** Makes metrics of one registry, so that two services in one process (tests) do not meet. */
function metricsOf(registry: Registry) {
  const registers = [registry];
  return {
    histogram: <L extends string>(names: Names<L>) =>
      new Histogram<L>({ ...names, registers, buckets: DURATION_BUCKETS_SECONDS }),
    counter: <L extends string>(names: Names<L>) => new Counter<L>({ ...names, registers }),
    gauge: <L extends string>(names: Names<L>) => new Gauge<L>({ ...names, registers }),
  };
}

function migrationMetrics({ histogram, counter }: ReturnType<typeof metricsOf>) {
  return {
    lockWait: histogram({
      name: 'eden_migration_lock_wait_seconds',
      help: 'Time that anybody waited for a lock, also in vain',
      labelNames: ['mode'],
    }),
    lockFailures: counter({
      name: 'eden_migration_lock_failures_total',
      help: 'Locks that were not granted: timeout = others held it, unavailable = no quorum of masters',
      labelNames: ['mode', 'reason'],
    }),
    parallelExecution: histogram({
      name: 'eden_migration_parallel_execution_seconds',
      help: 'Execution of all APIs of one stage',
      labelNames: ['stage'],
    }),
    templateExecution: histogram({
      name: 'eden_template_execution_seconds',
      help: 'Execution of one template',
      labelNames: ['endpoint_kind', 'kind'],
    }),
    runs: counter({
      name: 'eden_migration_runs_total',
      help: 'Runs that came to an end, and attempts that were queued again',
      labelNames: ['kind', 'result'],
    }),
    validations: counter({
      name: 'eden_migration_validation_total',
      help: 'Validations of a migration by sync',
      labelNames: ['result'],
    }),
    apiPause: histogram({
      name: 'eden_api_pause_seconds',
      help: 'Time that executions of a migrating API were held back: write lock taken to write lock released',
    }),
  };
}

/** `increase` sees the first failure of a process only where there was a zero before it. */
function beginAtZero({ runs, lockFailures, validations }: ReturnType<typeof migrationMetrics>): void {
  for (const kind of RUN_KINDS) for (const result of RUN_RESULTS) runs.inc({ kind, result }, 0);
  for (const mode of LOCK_MODES) for (const reason of LOCK_FAILURES) lockFailures.inc({ mode, reason }, 0);
  for (const result of VALIDATION_RESULTS) validations.inc({ result }, 0);
}

/** What a person has to look at. */
function recoveryMetrics({ counter, gauge }: ReturnType<typeof metricsOf>) {
  return {
    inDoubt: gauge({ name: 'eden_migration_in_doubt', help: 'Runs that wait for a human decision' }),
    inDoubtAge: gauge({ name: 'eden_migration_in_doubt_age_seconds', help: 'Age of the oldest run in doubt' }),
    contradictions: counter({
      name: 'eden_migration_contradictions_total',
      help: 'Databases found to say otherwise than the control database of a run that has ended',
    }),
    orphans: gauge({
      name: 'eden_orphaned_prepared_transactions',
      help: 'Prepared transactions without a run that could not be rolled back, and keep their locks',
    }),
    prepared: gauge({
      name: 'eden_prepared_transactions',
      help: 'Prepared transactions of ours in all targets, with and without a run',
    }),
    preparedAge: gauge({
      name: 'eden_prepared_transaction_age_seconds',
      help: 'Age of the oldest prepared transaction of ours',
    }),
    preparedXidAge: gauge({
      name: 'eden_prepared_transaction_xid_age',
      help: 'Most transactions that a target has begun since it prepared one of ours: their dead rows are not removed meanwhile',
    }),
  };
}

function retentionMetrics({ counter, gauge }: ReturnType<typeof metricsOf>) {
  return {
    pruned: counter({
      name: 'eden_retention_deleted_total',
      help: 'Rows that retention has taken away',
      labelNames: ['what'],
    }),
    retentionKept: gauge({
      name: 'eden_retention_kept_runs',
      help: 'Runs that are due to go, and stay because a target does not answer, is out of sight or still has a transaction of theirs',
    }),
  };
}

function webhookMetrics({ counter, gauge }: ReturnType<typeof metricsOf>) {
  return {
    webhookAttempts: counter({
      name: 'eden_webhook_attempts_total',
      help: 'Tries to tell a webhook of an event: delivered, failed = it is tried again, dead = given up',
      labelNames: ['result'],
    }),
    webhooksPending: gauge({ name: 'eden_webhook_pending', help: 'Events on their way to webhooks' }),
    webhooksAge: gauge({ name: 'eden_webhook_pending_age_seconds', help: 'Age of the oldest of them' }),
    webhooksDead: gauge({
      name: 'eden_webhook_dead',
      help: 'Events that were given up, until somebody sends them again',
    }),
  };
}

function operatorMetrics({ histogram, counter, gauge }: ReturnType<typeof metricsOf>) {
  return {
    reconciles: histogram({
      name: 'eden_operator_reconcile_seconds',
      help: 'Looks at objects of the cluster: conflict = somebody else had changed it meanwhile',
      labelNames: ['kind', 'result'],
    }),
    watchInterruptions: counter({
      name: 'eden_operator_watch_interruptions_total',
      help: 'Watches of the cluster that broke off, and were begun again',
      labelNames: ['kind'],
    }),
    stalled: gauge({
      name: 'eden_operator_stalled_objects',
      help: 'Objects of the cluster whose condition Stalled is True: a person has to change something',
      labelNames: ['kind'],
    }),
    leads: gauge({
      name: 'eden_operator_leader',
      help: '1 = this operator leads, 0 = it waits to',
      labelNames: ['lease'],
    }),
  };
}

function serviceMetrics({ histogram, counter, gauge }: ReturnType<typeof metricsOf>) {
  return {
    queueDepth: gauge({ name: 'eden_queue_depth', help: 'Runs that wait for a worker' }),
    queueAge: gauge({ name: 'eden_queue_age_seconds', help: 'Age of the oldest run that waits for a worker' }),
    uncounted: counter({
      name: 'eden_limits_uncounted_total',
      help: 'Requests and logins that were let through uncounted, because Redis did not answer',
      labelNames: ['what'],
    }),
    httpActive: gauge({ name: 'eden_http_requests_active', help: 'Requests that are being answered' }),
    httpRequests: histogram({
      name: 'eden_http_request_duration_seconds',
      help: 'Requests by route pattern: rate and errors from its count, duration from its buckets',
      labelNames: ['method', 'route', 'status'],
    }),
  };
}

/** The metrics of contract section 5 in a registry of their own. Ids of customers never become labels. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const make = metricsOf(registry);
  const migrations = migrationMetrics(make);
  beginAtZero(migrations);
  return {
    registry,
    ...migrations,
    ...recoveryMetrics(make),
    ...retentionMetrics(make),
    ...webhookMetrics(make),
    ...operatorMetrics(make),
    ...serviceMetrics(make),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
