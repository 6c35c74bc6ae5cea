-- Who holds the prepared transactions of this server, the oldest first. Run with search_path = pg_catalog.
-- Takes nothing.
-- Gives rows, at most 20: gid, owner, database, age_ms.
SELECT left(gid, 200) AS gid, owner::text AS owner, database::text AS database,
       round(extract(epoch FROM clock_timestamp() - prepared) * 1000)::float8 AS age_ms
  FROM pg_prepared_xacts
 ORDER BY prepared
 LIMIT 20;
