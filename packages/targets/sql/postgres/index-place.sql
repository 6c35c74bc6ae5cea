-- Where an index on a table would be, and whether something of that name is there already.
-- $1 text: the table, quoted as in SQL; $2 text: name of the index.
-- Gives one row: schema, existed; none where there is no such table.
SELECT n.nspname AS schema,
       EXISTS (SELECT FROM pg_class i WHERE i.relnamespace = n.oid AND i.relname = $2) AS existed
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = to_regclass($1);
