-- Which version of the schema _eden is there, and whether this role may work in it.
-- Takes nothing.
-- Gives one row: version (0: none; 1: without a table that tells, then the table has to be asked), tells, permitted, role, database.
SELECT CASE WHEN count(c.oid) FILTER (WHERE c.relname IN ('fence', 'gate', 'ledger')) = 3 THEN 1 ELSE 0 END AS version,
       coalesce(bool_or(c.relname = 'version'), false) AS tells,
       coalesce(bool_and(has_schema_privilege(n.oid, 'USAGE')
         AND has_table_privilege(c.oid, 'SELECT')
         AND (c.relname = 'version' OR has_table_privilege(c.oid, 'INSERT'))
         AND (c.relname = 'version'
              OR has_table_privilege(c.oid, CASE c.relname WHEN 'ledger' THEN 'DELETE' ELSE 'UPDATE' END))), true) AS permitted,
       current_user       AS role,
       current_database() AS database
  FROM pg_namespace n
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname IN ('fence', 'gate', 'ledger', 'version', 'step') AND c.relkind = 'r'
 WHERE n.nspname = '_eden';
