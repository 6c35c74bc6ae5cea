-- Prepared transactions of one installation in this database. The view shows those of the whole server.
-- $1 text: what their ids begin with.
-- Gives rows: gid, prepared_at, role.
SELECT gid, prepared AS prepared_at, owner AS role
  FROM pg_prepared_xacts
 WHERE database = current_database() AND starts_with(gid, $1)
 ORDER BY prepared;
