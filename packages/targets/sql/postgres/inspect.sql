-- What a plan must know of a target. Run with search_path = pg_catalog, so that every name is written in full and the
-- fingerprint does not depend on who asks.
-- Takes nothing.
-- Gives one row: role, server_version, max_prepared_transactions, schema_fingerprint (sha256, hex) of everything but
-- the system's schemas and _eden. Contents of tables and positions of sequences are not part of it.
WITH own_schema AS (
  SELECT oid, nspname FROM pg_namespace
   WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', '_eden')
), relation AS (
  SELECT c.oid, format('%I.%I', s.nspname, c.relname) AS name, c.relkind, c.relpersistence
    FROM pg_class c JOIN own_schema s ON s.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
), line(text) AS (
  SELECT format('relation %s %s %s', name, relkind, relpersistence) FROM relation
  UNION ALL
  SELECT format('column %s.%I %s %s %s %s %s', r.name, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
    FROM relation r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE r.relkind <> 'S'
  UNION ALL
  SELECT format('index %s %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
    FROM relation r JOIN pg_index i ON i.indrelid = r.oid
  UNION ALL
  SELECT format('constraint %s %I %s %s', r.name, c.conname, pg_get_constraintdef(c.oid), c.convalidated)
    FROM relation r JOIN pg_constraint c ON c.conrelid = r.oid
  UNION ALL
  SELECT format('trigger %s %s', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
  UNION ALL
  SELECT format('policy %s %I %s %s %s %s', r.name, p.polname, p.polcmd, p.polpermissive,
                pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM relation r JOIN pg_policy p ON p.polrelid = r.oid
  UNION ALL
  SELECT format('event trigger %I %s %s %s %s', e.evtname, e.evtevent, e.evttags, e.evtenabled, e.evtfoid::regproc)
    FROM pg_event_trigger e
  UNION ALL
  -- Those of extensions change with these, and there may be thousands.
  SELECT format('function %s %s', p.oid::regprocedure,
                md5((to_jsonb(p) - '{oid,proowner,proacl,pronamespace}'::text[])::text))
    FROM pg_proc p JOIN own_schema s ON s.oid = p.pronamespace
   WHERE NOT EXISTS (
     SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
)
SELECT current_user                                              AS role,
       current_setting('server_version')                         AS server_version,
       current_setting('max_prepared_transactions')::int         AS max_prepared_transactions,
       (SELECT encode(sha256(convert_to(coalesce(string_agg(text, E'\n' ORDER BY text COLLATE "C"), ''), 'UTF8')), 'hex')
          FROM line)                                             AS schema_fingerprint;
