-- What a session is doing.
-- $1 text: its application name.
-- Gives one row of booleans: there (it can be seen), works (for us, as far as can be seen), standby (it waits for a
-- synchronous standby to have what it has written). One that waits for its client does neither.
SELECT count(*) > 0 AS there,
       coalesce(bool_or(wait_event IS NOT DISTINCT FROM 'SyncRep'), false) AS standby,
       coalesce(bool_or(coalesce(state, '') NOT IN ('idle', 'idle in transaction', 'idle in transaction (aborted)')
                        AND wait_event_type IS DISTINCT FROM 'Client'
                        AND wait_event IS DISTINCT FROM 'SyncRep'), false) AS works
  FROM pg_stat_activity
 WHERE application_name = $1 AND datname = current_database();
