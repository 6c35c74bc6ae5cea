-- Ends the sessions of a run's participants that belong to older epochs, and waits until they are gone.
-- $1 text: what their application names begin with, up to the epoch; $2 bigint: the first epoch that stays;
-- $3 bigint: longest wait for each, in milliseconds.
-- Gives one row for each session that was told to end: gone.
SELECT pg_terminate_backend(pid, $3) AS gone
  FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
   AND starts_with(application_name, $1)
   AND substring(substr(application_name, length($1) + 1) FROM '^([0-9]{1,15})/[0-9]+$')::bigint < $2;
