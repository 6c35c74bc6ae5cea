-- Who is in the way of a session that waits for a lock.
-- $1 text: application name of the session that waits.
-- Gives one row for each: pid, user, application, query (its start), age_ms (of the transaction), database,
-- prepared_id (for a prepared transaction, which has no pid, application or query).
WITH waiter AS (
  SELECT pid FROM pg_stat_activity
   WHERE application_name = $1 AND datname = current_database() AND wait_event_type = 'Lock'
), awaited AS (
  SELECT l.* FROM pg_locks l JOIN waiter w ON w.pid = l.pid WHERE NOT l.granted
)
SELECT a.pid, a.usename AS "user", a.application_name AS application, left(a.query, 200) AS query,
       round(extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::bigint AS age_ms,
       a.datname AS database, NULL AS prepared_id
  FROM (SELECT DISTINCT unnest(pg_blocking_pids(pid)) AS pid FROM waiter) AS blocking
  JOIN pg_stat_activity a ON a.pid = blocking.pid
UNION ALL
-- The locks of a prepared transaction have no pid; one of them is the lock on its own transaction id.
SELECT NULL, p.owner, NULL, NULL,
       round(extract(epoch FROM clock_timestamp() - p.prepared) * 1000)::bigint,
       p.database, p.gid
  FROM awaited w
  JOIN pg_locks h ON h.granted AND h.pid IS NULL AND h.locktype = w.locktype
   AND (h.database, h.relation, h.page, h.tuple, h.transactionid, h.classid, h.objid, h.objsubid)
       IS NOT DISTINCT FROM (w.database, w.relation, w.page, w.tuple, w.transactionid, w.classid, w.objid, w.objsubid)
  JOIN pg_locks t ON t.locktype = 'transactionid' AND t.pid IS NULL AND t.virtualtransaction = h.virtualtransaction
  JOIN pg_prepared_xacts p ON p.transaction = t.transactionid;
