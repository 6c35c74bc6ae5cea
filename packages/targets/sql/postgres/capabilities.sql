-- What the atomic commit and the gates need of a server that speaks PostgreSQL's protocol, tried and not believed. Run
-- behind SELECT pg_advisory_xact_lock($key), in the same transaction, which was opened READ COMMITTED.
-- Takes nothing.
-- Gives one row: isolation (that it was opened with), locks (whether the advisory lock is there to be seen), snapshots
-- (whether transactions have numbers that are compared).
SELECT current_setting('transaction_isolation') AS isolation,
       EXISTS (
         SELECT FROM pg_locks
          WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND mode = 'ExclusiveLock' AND granted
       ) AS locks,
       pg_current_xact_id_if_assigned() IS NULL
         AND pg_snapshot_xmax(pg_current_snapshot()) >= pg_snapshot_xmin(pg_current_snapshot()) AS snapshots;
