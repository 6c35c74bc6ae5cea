-- Gives nothing. Fills a control database as it is after years, with copies of one row of each table: `eden.migrations` (SET before)
-- migrations with two runs each, five events of a run, 10 000 templates and APIs, 200 000 entries of the audit. Copies name each
-- other, so neither triggers nor references are looked at. The database has to have a migration that a run has carried out.

SET session_replication_role = replica;

-- The same uuid for the same kind and number.
CREATE FUNCTION pg_temp.numbered(kind int, n bigint) RETURNS text LANGUAGE sql
  RETURN lpad(kind::text, 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0');

CREATE FUNCTION pg_temp.migrations() RETURNS int LANGUAGE sql
  RETURN current_setting('eden.migrations')::int;

CREATE FUNCTION pg_temp.old(n bigint) RETURNS timestamptz LANGUAGE sql
  RETURN now() - interval '30 days' + n * interval '1 second';

INSERT INTO templates
SELECT copy.* FROM templates r, generate_series(1, 10000) g, jsonb_populate_record(r, jsonb_build_object(
       'uuid', pg_temp.numbered(1, g), 'id', 'template-' || g)) copy
 WHERE r.ctid = (SELECT ctid FROM templates LIMIT 1);

INSERT INTO apis
SELECT copy.* FROM apis r, generate_series(1, 10000) g, jsonb_populate_record(r, jsonb_build_object(
       'uuid', pg_temp.numbered(2, g), 'id', 'api-' || g)) copy
 WHERE r.ctid = (SELECT ctid FROM apis LIMIT 1);

INSERT INTO api_bindings
SELECT copy.* FROM api_bindings r, generate_series(1, 10000) g, jsonb_populate_record(r, jsonb_build_object(
       'api_uuid', pg_temp.numbered(2, g), 'template_uuid', pg_temp.numbered(1, g))) copy
 WHERE r.ctid = (SELECT ctid FROM api_bindings LIMIT 1);

INSERT INTO migrations
SELECT copy.* FROM migrations r, generate_series(1, pg_temp.migrations()) g, jsonb_populate_record(r, jsonb_build_object(
       'uuid', pg_temp.numbered(3, g), 'id', 'migration-' || g,
       'created_at', pg_temp.old(g), 'updated_at', pg_temp.old(g))) copy
 WHERE r.ctid = (SELECT ctid FROM migrations LIMIT 1);

INSERT INTO memberships
SELECT copy.* FROM memberships r, generate_series(1, pg_temp.migrations()) g, jsonb_populate_record(r, jsonb_build_object(
       'uuid', pg_temp.numbered(4, g), 'migration_uuid', pg_temp.numbered(3, g),
       'api_uuid', pg_temp.numbered(2, 1 + g % 10000), 'active', false)) copy
 WHERE r.ctid = (SELECT ctid FROM memberships LIMIT 1);

INSERT INTO runs
SELECT copy.* FROM runs r, generate_series(1, 2 * pg_temp.migrations()) g, jsonb_populate_record(r, jsonb_build_object(
       'uuid', pg_temp.numbered(5, g), 'migration_uuid', pg_temp.numbered(3, 1 + (g - 1) % pg_temp.migrations()),
       'migration_id', 'migration-' || (1 + (g - 1) % pg_temp.migrations()),
       'created_at', pg_temp.old(g), 'started_at', pg_temp.old(g), 'finished_at', pg_temp.old(g))) copy
 WHERE r.ctid = (SELECT ctid FROM runs WHERE kind = 'migrate' LIMIT 1);

INSERT INTO run_apis
SELECT copy.* FROM run_apis r, generate_series(1, 2 * pg_temp.migrations()) g, jsonb_populate_record(r, jsonb_build_object(
       'run_uuid', pg_temp.numbered(5, g))) copy
 WHERE r.ctid = (SELECT ctid FROM run_apis LIMIT 1);

INSERT INTO run_participants
SELECT copy.* FROM run_participants r, generate_series(1, 2 * pg_temp.migrations()) g, jsonb_populate_record(r, jsonb_build_object(
       'run_uuid', pg_temp.numbered(5, g), 'prepared_id', 'prepared-' || g)) copy
 WHERE r.ctid = (SELECT ctid FROM run_participants LIMIT 1);

INSERT INTO run_events
SELECT copy.* FROM run_events r, generate_series(1, 10 * pg_temp.migrations()) g, jsonb_populate_record(r, jsonb_build_object(
       'run_uuid', pg_temp.numbered(5, 1 + (g - 1) / 5), 'sequence', 1 + (g - 1) % 5, 'at', pg_temp.old(g))) copy
 WHERE r.ctid = (SELECT ctid FROM run_events WHERE sequence = 1 LIMIT 1);

-- Sent messages stay for an hour.
INSERT INTO outbox
SELECT copy.* FROM outbox r, generate_series(1, 2 * pg_temp.migrations()) g, jsonb_populate_record(r, jsonb_build_object(
       'uuid', pg_temp.numbered(6, g), 'run_uuid', pg_temp.numbered(5, g),
       'created_at', now() - interval '10 minutes', 'sent_at', now() - interval '10 minutes')) copy
 WHERE r.ctid = (SELECT ctid FROM outbox LIMIT 1);

INSERT INTO audit
SELECT copy.* FROM audit r, generate_series(1, 200000) g, jsonb_populate_record(r, jsonb_build_object(
       'uuid', pg_temp.numbered(7, g), 'created_at', pg_temp.old(g),
       'action', 'action.' || (g % 20), 'actor', 'person-' || (g % 50))) copy
 WHERE r.ctid = (SELECT ctid FROM audit LIMIT 1);
