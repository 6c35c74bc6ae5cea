-- Ends the sessions that work on a step outside the transaction, and waits until they are gone.
-- $1 bigint: the advisory lock of the step; $2 text: what the application names of its run begin with;
-- $3 bigint: longest wait for each, in milliseconds.
-- Gives one row for each session that was told to end: gone.
SELECT pg_terminate_backend(l.pid, $3) AS gone
  FROM pg_locks l
  JOIN pg_stat_activity a ON a.pid = l.pid AND starts_with(a.application_name, $2)
 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND ((l.classid::bigint << 32) | l.objid::bigint) = $1
   AND l.pid <> pg_backend_pid();
