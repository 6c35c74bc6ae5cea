-- What else the database has to do, for batches that give way to it.
-- Takes nothing. Whoever may not read all statistics is not told of others.
-- Gives rows, one for each replica and one at least: is_told, active_sessions (at work in this database, this one left out), replica (0: there
-- is none), lag_ms (of what it has replayed last), replayed_to, is_behind (there is something that it has not replayed).
WITH told AS (SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS is_told),
     written AS (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END AS lsn),
     active AS (SELECT count(*) AS sessions FROM pg_stat_activity
                 WHERE datname = current_database() AND state = 'active' AND backend_type = 'client backend'
                   AND pid <> pg_backend_pid())
SELECT told.is_told, active.sessions::float8 AS active_sessions, coalesce(replica.pid, 0)::float8 AS replica,
       coalesce(round(extract(epoch FROM replica.replay_lag) * 1000), 0)::float8 AS lag_ms,
       coalesce(replica.replay_lsn::text, '') AS replayed_to, coalesce(replica.replay_lsn < written.lsn, false) AS is_behind
  FROM told CROSS JOIN written CROSS JOIN active LEFT JOIN pg_stat_replication replica ON true;
