-- Whether an index is there and was built to its end, and what it is.
-- $1 text: its schema; $2 text: its name.
-- Gives one row: valid, oid, definition, table_oid, rebuilt; none where it is not there. `rebuilt`: by REINDEX CONCURRENTLY, which makes another
-- index of the same definition and gives it the name and the validity of the first one in one transaction, later than its columns.
-- CREATE INDEX makes all three at once, CREATE INDEX CONCURRENTLY the name together with the columns.
SELECT i.indisvalid AND i.indisready AS valid, i.indexrelid::text AS oid,
       pg_get_indexdef(i.indexrelid) AS definition, i.indrelid::text AS table_oid,
       c.xmin = i.xmin AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.xmin = c.xmin) AS rebuilt
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1 AND c.relname = $2;
