-- Whether the schema _eden is there, and whether this role may work in it.
-- Takes nothing.
-- Gives one row: installed, permitted, role, database.
SELECT count(c.oid) = 3 AS installed,
       coalesce(bool_and(has_schema_privilege(n.oid, 'USAGE')
         AND has_table_privilege(c.oid, 'SELECT')
         AND has_table_privilege(c.oid, 'INSERT')
         AND has_table_privilege(c.oid, CASE c.relname WHEN 'ledger' THEN 'DELETE' ELSE 'UPDATE' END)), true) AS permitted,
       current_user       AS role,
       current_database() AS database
  FROM pg_namespace n
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname IN ('fence', 'gate', 'ledger') AND c.relkind = 'r'
 WHERE n.nspname = '_eden';
