-- Prepared transactions of one installation in this database. The view shows those of the whole server.
-- $1 text: what their ids begin with.
-- Gives rows: gid, prepared_at, role, xid_age (transactions since: how far it holds back the removal of dead rows).
SELECT gid, prepared AS prepared_at, owner AS role, age(transaction) AS xid_age
  FROM pg_prepared_xacts
 WHERE database = current_database() AND starts_with(gid, $1)
 ORDER BY prepared;
