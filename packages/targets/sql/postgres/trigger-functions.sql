-- The functions of triggers that fire for a session like ours, and those that they might call to notify: whose text has
-- the word. What of that is code is told by whoever reads it. Run with search_path = pg_catalog.
-- Takes nothing.
-- Gives rows: function (its oid as text), name, source.
SELECT p.oid::text AS function, p.proname::text AS name, left(p.prosrc, 50000) AS source
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang AND l.lanname IN ('plpgsql', 'sql')
 WHERE p.oid IN (
         SELECT evtfoid FROM pg_event_trigger WHERE evtenabled IN ('O', 'A')
         UNION
         SELECT tgfoid FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
       )
    OR (p.prosrc ILIKE '%notify%' AND p.pronamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_'))
 LIMIT 2000;
