-- Who holds the gate of an API against its readers.
-- $1 bigint: the gate's key.
-- Gives rows as blockers.sql does: pid, user, application, query, age_ms, database, prepared_id.
WITH held AS (
  SELECT l.pid, l.virtualtransaction
    FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
   WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.mode = 'ExclusiveLock' AND l.granted
     AND ((l.classid::bigint << 32) | l.objid::bigint) = $1
)
SELECT a.pid, a.usename AS "user", a.application_name AS application, left(a.query, 200) AS query,
       round(extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::bigint AS age_ms,
       a.datname AS database, NULL AS prepared_id
  FROM held JOIN pg_stat_activity a ON a.pid = held.pid
UNION ALL
SELECT NULL, p.owner, NULL, NULL,
       round(extract(epoch FROM clock_timestamp() - p.prepared) * 1000)::bigint,
       p.database, p.gid
  FROM held
  JOIN pg_locks t ON t.locktype = 'transactionid' AND t.pid IS NULL AND t.virtualtransaction = held.virtualtransaction
  JOIN pg_prepared_xacts p ON p.transaction = t.transactionid
 WHERE held.pid IS NULL;
