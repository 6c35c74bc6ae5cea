-- What can cut a run short in a target, beside its statements. Run with search_path = pg_catalog.
-- Takes nothing.
-- Gives one row: max_prepared, prepared (slots that are taken, on the whole server), role, database, role_left and
-- database_left (connections below the limit that was set for the role and for the database; -1 = no limit),
-- temp_file_limit (as set; -1 = none), idle_session_ms (after which it ends sessions that say nothing; 0 = never), read_only (whether the server takes no writes now).
SELECT current_setting('max_prepared_transactions')::int AS max_prepared,
       (SELECT count(*)::int FROM pg_prepared_xacts)     AS prepared,
       current_user                                      AS role,
       current_database()                                AS database,
       (SELECT CASE WHEN r.rolconnlimit < 0 OR r.rolsuper THEN -1
                    ELSE greatest(0, r.rolconnlimit - (SELECT count(*)::int FROM pg_stat_activity a WHERE a.usename = r.rolname)) END
          FROM pg_roles r WHERE r.rolname = session_user) AS role_left,
       (SELECT CASE WHEN d.datconnlimit < 0 THEN -1
                    ELSE greatest(0, d.datconnlimit - (SELECT count(*)::int FROM pg_stat_activity a WHERE a.datname = d.datname)) END
          FROM pg_database d WHERE d.datname = current_database()) AS database_left,
       current_setting('temp_file_limit')                AS temp_file_limit,
       (SELECT setting::int FROM pg_settings WHERE name = 'idle_session_timeout') AS idle_session_ms,
       pg_is_in_recovery()                               AS read_only;
