-- A database is known by an id of its own; where it is, is another thing. What was stored until now says where it was.

-- AlterTable
ALTER TABLE "endpoints" ADD COLUMN     "database_key" TEXT,
ADD COLUMN     "database_place" TEXT;

-- AlterTable
ALTER TABLE "run_participants" ADD COLUMN     "database_place" TEXT,
ADD COLUMN     "gates" UUID[] DEFAULT ARRAY[]::UUID[];
UPDATE "run_participants" SET "database_place" = "database_key";
ALTER TABLE "run_participants" ALTER COLUMN "database_place" SET NOT NULL;

-- AlterTable
ALTER TABLE "apis" ADD COLUMN     "gates" JSONB NOT NULL DEFAULT '{}';

-- CreateIndex
CREATE INDEX "endpoints_database_key_idx" ON "endpoints"("database_key");

UPDATE "migrations"
   SET "plan" = jsonb_set(plan::jsonb, '{databases}', (
         SELECT coalesce(jsonb_agg(jsonb_set(planned, '{identity,place}', planned #> '{identity,key}') ORDER BY at), '[]'::jsonb)
           FROM jsonb_array_elements(plan::jsonb -> 'databases') WITH ORDINALITY AS each (planned, at)))
 WHERE "plan" IS NOT NULL;
