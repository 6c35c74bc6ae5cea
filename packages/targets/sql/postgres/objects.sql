-- The objects of a schema, for whoever compares it with what it was; behind schema.sql.
-- Takes nothing.
-- Gives rows: object, parent, text (its lines; of a long one the beginning and a digest), definition (what a person reads of a
-- function or a view; null where there is no more than the lines, or somebody has a table locked that it would have to wait
-- for).
, told AS (
  SELECT object, min(parent) AS parent, string_agg(text, E'\n' ORDER BY text COLLATE "C") AS text FROM line GROUP BY object
), shown AS (
  SELECT format('function %s', p.oid::regprocedure) AS object, p.prosrc AS definition
    FROM pg_proc p JOIN own_schema s ON s.oid = p.pronamespace
  UNION ALL
  SELECT r.object, pg_get_viewdef(r.oid) FROM relation r
   WHERE r.relkind IN ('v', 'm') AND NOT EXISTS (
     SELECT FROM pg_locks l WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock'
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
)
SELECT left(told.object, 4000) AS object, left(told.parent, 4000) AS parent,
       CASE WHEN length(told.text) > 4000 THEN left(told.text, 4000) || E'\n' || md5(told.text) ELSE told.text END AS text,
       left(shown.definition, 4000) AS definition
  FROM told LEFT JOIN shown ON shown.object = told.object
 ORDER BY told.object COLLATE "C"
