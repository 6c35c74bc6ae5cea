-- What a database is known by becomes one opaque key, which only its kind of target reads; and a participant has a class.

ALTER TABLE "run_participants" ADD COLUMN "database_key" TEXT, ADD COLUMN "class" TEXT;
UPDATE "run_participants"
   SET "database_key" = lpad(system_identifier, greatest(20, length(system_identifier)), '0') || '/' || lpad(database_oid::text, 10, '0'),
       "class" = CASE WHEN last_resource THEN 'last-resource' ELSE 'two-phase' END;
DROP INDEX "run_participants_last_resource_key";
ALTER TABLE "run_participants"
  ALTER COLUMN "database_key" SET NOT NULL,
  ALTER COLUMN "class" SET NOT NULL,
  DROP COLUMN "system_identifier",
  DROP COLUMN "database_oid",
  DROP COLUMN "last_resource",
  ADD CONSTRAINT "run_participants_class_check" CHECK (class IN ('two-phase', 'last-resource'));
-- At most one database of a run decides it by its own COMMIT.
CREATE UNIQUE INDEX "run_participants_last_resource_key" ON "run_participants" (run_uuid, attempt) WHERE class = 'last-resource';

ALTER TABLE "target_databases" ADD COLUMN "database_key" TEXT;
UPDATE "target_databases"
   SET "database_key" = lpad(system_identifier, greatest(20, length(system_identifier)), '0') || '/' || lpad(database_oid::text, 10, '0');
ALTER TABLE "target_databases"
  ALTER COLUMN "database_key" SET NOT NULL,
  DROP CONSTRAINT "target_databases_pkey",
  DROP COLUMN "system_identifier",
  DROP COLUMN "database_oid",
  ADD CONSTRAINT "target_databases_pkey" PRIMARY KEY ("database_key", "endpoint_uuid");

-- Stored plans speak of databases in the same words. The key reads as the earlier identity was hashed: plans keep their hashes.
UPDATE "migrations"
   SET "plan" = jsonb_set(plan::jsonb, '{databases}', (
         SELECT coalesce(jsonb_agg((planned - 'identity' - 'lastResource') || jsonb_build_object(
                  'identity', jsonb_build_object(
                    'key', lpad(planned #>> '{identity,systemIdentifier}', greatest(20, length(planned #>> '{identity,systemIdentifier}')), '0')
                           || '/' || lpad(planned #>> '{identity,databaseOid}', 10, '0'),
                    'name', planned #> '{identity,databaseName}'),
                  'class', CASE WHEN (planned ->> 'lastResource')::boolean THEN 'last-resource' ELSE 'two-phase' END)
                ORDER BY place), '[]'::jsonb)
           FROM jsonb_array_elements(plan::jsonb -> 'databases') WITH ORDINALITY AS each (planned, place)))
 WHERE "plan" IS NOT NULL;
