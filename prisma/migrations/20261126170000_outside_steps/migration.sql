-- Steps outside the migration's transaction, written down before the first of them runs: whoever takes the run over has
-- nothing else, and goes on or takes back what was begun.

-- CreateTable
CREATE TABLE "outside_steps" (
    "organization_uuid" UUID NOT NULL,
    "run_uuid" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "phase" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "api_uuid" UUID NOT NULL,
    "api_id" TEXT NOT NULL,
    "binding" INTEGER NOT NULL,
    "template" TEXT NOT NULL,
    "endpoint_uuid" UUID NOT NULL,
    "database_key" TEXT NOT NULL,
    "database_place" TEXT NOT NULL,
    "database_name" TEXT NOT NULL,
    "work" JSON NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" JSON,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "outside_steps_pkey" PRIMARY KEY ("run_uuid","number")
);

-- AddForeignKey
ALTER TABLE "outside_steps" ADD CONSTRAINT "outside_steps_organization_uuid_run_uuid_fkey" FOREIGN KEY ("organization_uuid", "run_uuid") REFERENCES "runs"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "outside_steps"
  ADD CONSTRAINT "outside_steps_phase_check" CHECK (phase IN ('before', 'after')),
  ADD CONSTRAINT "outside_steps_class_check" CHECK (class IN ('compensable', 'irreversible')),
  ADD CONSTRAINT "outside_steps_state_check"
    CHECK (state IN ('pending', 'running', 'done', 'failed', 'undoing', 'undone', 'left'));

-- Runs do such steps (`stepping`, `finishing`) and take them back (`compensating`).
ALTER TABLE "runs"
  DROP CONSTRAINT "runs_state_check",
  ADD CONSTRAINT "runs_state_check" CHECK (state IN ('queued', 'waiting_for_lock', 'stepping', 'running', 'deciding',
    'committing', 'finishing', 'succeeded', 'aborting', 'compensating', 'failed', 'cancelled', 'in_doubt'));
