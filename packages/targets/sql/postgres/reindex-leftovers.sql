-- Indexes that a REINDEX CONCURRENTLY has left half built, or replaced and not dropped.
-- $1 text: the index or the table that it was for, quoted as in SQL, or null; $2 text: the schema that it was for, or null. Both null: the database.
-- Gives rows: name, quoted as in SQL; busy: somebody else is at the table, and may be building it.
SELECT format('%I.%I', n.nspname, c.relname) AS name,
       EXISTS (SELECT FROM pg_locks l
                 LEFT JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.locktype = 'relation' AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND l.relation IN (i.indexrelid, i.indrelid)
                  AND l.pid <> pg_backend_pid() AND a.backend_type IS DISTINCT FROM 'autovacuum worker') AS busy
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT i.indisvalid
   AND c.relname ~ '_cc(new|old)[0-9]*$'
   AND CASE
         WHEN $1::text IS NOT NULL
           THEN i.indrelid = coalesce((SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass($1)), to_regclass($1))
         ELSE n.nspname = coalesce($2::text, n.nspname)
       END;
