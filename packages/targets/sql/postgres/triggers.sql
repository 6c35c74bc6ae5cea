-- Triggers that fire for a session like ours. Run with search_path = pg_catalog.
-- Takes nothing.
-- Gives rows: name, event (ddl_command_start, …; of a table's trigger null), tags (comma-separated; null = all),
-- schema and table (null of event triggers), kinds (bits of pg_trigger.tgtype), function (its oid as text).
SELECT evtname::text AS name, evtevent::text AS event, array_to_string(evttags, ',') AS tags,
       NULL AS schema, NULL AS table, 0 AS kinds, evtfoid::oid::text AS function
  FROM pg_event_trigger
 WHERE evtenabled IN ('O', 'A') AND evtevent <> 'login'
UNION ALL
SELECT t.tgname::text, NULL, NULL, n.nspname::text, c.relname::text, t.tgtype::int, t.tgfoid::oid::text
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
 LIMIT 5000;
