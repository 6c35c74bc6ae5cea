-- What the transaction of this session holds on tables, and how far the log of its server has come.
-- Takes nothing.
-- Gives one row: wal_position (bytes), locks (JSON: [{object, mode}] by name). Names are written in full, whatever the
-- search_path of the transaction.
SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::pg_catalog.float8 AS wal_position,
       (SELECT coalesce(pg_catalog.json_agg(held ORDER BY held.object, held.mode), '[]')
          FROM (SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, c.relname) AS object, l.mode
                  FROM pg_catalog.pg_locks l
                  JOIN pg_catalog.pg_class c ON c.oid = l.relation
                  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted
                   AND c.relkind IN ('r', 'p', 'm', 'f')
                   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', '_eden')
                 LIMIT 10000) AS held) AS locks
