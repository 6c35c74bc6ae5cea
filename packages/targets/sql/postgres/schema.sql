-- The schema of a database, line by line: the beginning of statements that end as they need it. Run with search_path =
-- pg_catalog, so that every name is written in full and nothing depends on who asks.
-- Takes nothing.
-- Gives rows of the CTE line: object (kind and name), parent (the object that it comes and goes with, or null), text. They
-- tell everything but the system's schemas and _eden: relations, columns, indexes, constraints, rules (and with them views),
-- triggers, policies, functions, types, event triggers and the versions of extensions, whose own functions that stands for.
-- Contents of tables and positions of sequences are not part of it. Nor are partitions, which come and go by the calendar,
-- whatever hangs on them, and the tables in which migration tools keep their history (docs/adr/0049). Stored expressions
-- go in as they are stored: to print them, a server would wait for whoever has locked their tables.
WITH own_schema AS (
  SELECT oid, nspname FROM pg_namespace
   WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', '_eden')
), history_table AS (
  SELECT c.oid FROM pg_class c JOIN own_schema s ON s.oid = c.relnamespace
   WHERE c.relkind = 'r' AND c.relname = ANY ('{schema_migrations,_prisma_migrations,flyway_schema_history,goose_db_version,pgmigrations,__drizzle_migrations,databasechangelog,databasechangeloglock}')
), history AS (
  SELECT oid FROM history_table
  UNION ALL
  SELECT d.objid FROM pg_depend d JOIN history_table h ON h.oid = d.refobjid
   WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
), relation AS (
  SELECT c.oid, format('%I.%I', s.nspname, c.relname) AS name,
         CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
                        WHEN 'S' THEN 'sequence' ELSE 'table' END
           || format(' %I.%I', s.nspname, c.relname) AS object, c.relkind, c.relpersistence, c.relrowsecurity,
         c.relforcerowsecurity, c.relpartbound
    FROM pg_class c JOIN own_schema s ON s.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT c.relispartition AND c.oid NOT IN (SELECT oid FROM history)
), line(object, parent, text) AS (
  SELECT object, NULL, format('relation %s %s %s %s %s %s', name, relkind, relpersistence, relrowsecurity, relforcerowsecurity,
                md5(relpartbound::text)) FROM relation
  UNION ALL
  SELECT format('column %s.%I', r.name, a.attname), r.object, format('column %s.%I %s %s %s %s %s', r.name, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
    FROM relation r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE r.relkind <> 'S'
  UNION ALL
  SELECT format('index %s', i.indexrelid::regclass), r.object, format('index %s %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
    FROM relation r JOIN pg_index i ON i.indrelid = r.oid
  UNION ALL
  SELECT format('constraint %I of %s', c.conname, r.name), r.object, format('constraint %s %I %s %s', r.name, c.conname, pg_get_constraintdef(c.oid), c.convalidated)
    FROM relation r JOIN pg_constraint c ON c.conrelid = r.oid AND c.conparentid = 0
  UNION ALL
  SELECT r.object, NULL, format('inherits %s %s %s', r.name, i.inhparent::regclass, i.inhseqno)
    FROM relation r JOIN pg_inherits i ON i.inhrelid = r.oid
  UNION ALL
  SELECT CASE w.rulename WHEN '_RETURN' THEN r.object ELSE format('rule %I of %s', w.rulename, r.name) END,
         CASE w.rulename WHEN '_RETURN' THEN NULL ELSE r.object END, format('rule %s %I %s %s', r.name, w.rulename, w.ev_enabled, md5(concat_ws(' ', w.ev_type, w.is_instead, w.ev_qual, w.ev_action)))
    FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid
  UNION ALL
  SELECT format('trigger %I of %s', t.tgname, r.name), r.object, format('trigger %s %I %s %s %s %s %s', r.name, t.tgname, t.tgfoid::regprocedure, t.tgtype, t.tgenabled,
                concat_ws(' ', t.tgdeferrable, t.tginitdeferred, t.tgattr, t.tgoldtable, t.tgnewtable),
                md5(concat_ws(' ', t.tgqual, encode(t.tgargs, 'hex'))))
    FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid
   WHERE NOT t.tgisinternal
  UNION ALL
  SELECT format('policy %I of %s', p.polname, r.name), r.object, format('policy %s %I %s %s %s %s', r.name, p.polname, p.polcmd, p.polpermissive, p.polroles,
                md5(concat_ws(' ', 'using', p.polqual, 'check', p.polwithcheck)))
    FROM relation r JOIN pg_policy p ON p.polrelid = r.oid
  UNION ALL
  SELECT format('function %s', p.oid::regprocedure), NULL, format('function %s %s %s %s', p.oid::regprocedure, p.prorettype::regtype,
                concat_ws(' ', p.prolang, p.prokind, p.provolatile, p.prosecdef, p.proisstrict, p.proretset, p.proparallel,
                          p.proargmodes, p.proargnames, p.proconfig),
                md5(concat_ws(' ', p.prosrc, p.probin, p.proargdefaults, p.prosqlbody)))
    FROM pg_proc p JOIN own_schema s ON s.oid = p.pronamespace
   WHERE NOT EXISTS (
     SELECT FROM pg_depend d
      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
   )
  UNION ALL
  SELECT format('type %I.%I', s.nspname, t.typname), NULL, format('type %I.%I %s %s %s %s %s', s.nspname, t.typname, t.typtype, t.typnotnull,
                format_type(t.typbasetype, t.typtypmod), t.typdefault,
                (SELECT string_agg(format('%L', e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
    FROM pg_type t JOIN own_schema s ON s.oid = t.typnamespace
   WHERE t.typtype IN ('d', 'e', 'r')
  UNION ALL
  SELECT format('constraint %I of %s', c.conname, c.contypid::regtype), format('type %s', c.contypid::regtype), format('domain %s %I %s', c.contypid::regtype, c.conname, md5(concat_ws(' ', c.conbin, c.convalidated)))
    FROM pg_type t JOIN own_schema s ON s.oid = t.typnamespace JOIN pg_constraint c ON c.contypid = t.oid
  UNION ALL
  SELECT format('type %I.%I', s.nspname, c.relname), NULL, format('attribute %I.%I %I %s', s.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
    FROM pg_class c JOIN own_schema s ON s.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE c.relkind = 'c'
  UNION ALL
  SELECT r.object, NULL, format('sequence %s %s', r.name, concat_ws(' ', q.seqtypid::regtype, q.seqincrement, q.seqmin, q.seqmax, q.seqcycle))
    FROM relation r JOIN pg_sequence q ON q.seqrelid = r.oid
  UNION ALL
  SELECT format('event trigger %I', evtname), NULL, format('event trigger %I %s %s %s %s', evtname, evtevent, evtfoid::regprocedure, evtenabled, evttags)
    FROM pg_event_trigger
  UNION ALL
  SELECT format('extension %I', extname), NULL, format('extension %I %s', extname, extversion) FROM pg_extension
)
