-- Whether this is the database in which a transaction of ours holds an advisory lock.
-- $1 bigint: the lock's key.
-- Gives one row: held (a transaction holds it here), standby (which shows no locks of its primary).
SELECT pg_is_in_recovery() AS standby,
       EXISTS (
         SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
          WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.mode = 'ExclusiveLock' AND l.granted
            AND ((l.classid::bigint << 32) | l.objid::bigint) = $1
       ) AS held;
