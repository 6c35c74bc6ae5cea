-- Why a run waits, was queued again, or is being undone; and until when nobody begins its next attempt.
ALTER TABLE "runs" ADD COLUMN     "not_before" TIMESTAMPTZ(3),
ADD COLUMN     "reason" TEXT;

-- A message that is not sent before that; at once without it.
ALTER TABLE "outbox" ADD COLUMN     "due_at" TIMESTAMPTZ(3);

-- Databases of which a run has shown that what it does there cannot be prepared. A finding is good for one plan.
-- CreateTable
CREATE TABLE "unprepared_databases" (
    "organization_uuid" UUID NOT NULL,
    "migration_uuid" UUID NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "database_key" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "unprepared_databases_pkey" PRIMARY KEY ("migration_uuid","plan_hash","database_key")
);

-- AddForeignKey
ALTER TABLE "unprepared_databases" ADD CONSTRAINT "unprepared_databases_organization_uuid_migration_uuid_fkey" FOREIGN KEY ("organization_uuid", "migration_uuid") REFERENCES "migrations"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;
