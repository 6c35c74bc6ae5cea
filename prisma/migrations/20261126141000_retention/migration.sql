-- CreateTable
CREATE TABLE "retention" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "owner" TEXT,
    "claimed_until" TIMESTAMPTZ(3),

    CONSTRAINT "retention_pkey" PRIMARY KEY ("id")
);

-- One row: the next round, and who is at it.
ALTER TABLE "retention"
  ADD CONSTRAINT "retention_single_check" CHECK (id = 1),
  ADD CONSTRAINT "retention_owner_check" CHECK ((owner IS NULL) = (claimed_until IS NULL));
INSERT INTO "retention" DEFAULT VALUES;

-- What retention looks through, the oldest first.
CREATE INDEX "runs_finished_idx" ON "runs" (finished_at, uuid) WHERE finished_at IS NOT NULL;

-- A run may go when it ended before the moment given, and no rollback will need it: that of a Completed migration reads its
-- last migrate, also while it is at work (In Progress), as it may fail and leave the migration Completed.
CREATE FUNCTION eden_may_forget(run runs, ended_before timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT run.finished_at < ended_before AND NOT (
    run.kind = 'migrate'
    AND EXISTS (
      SELECT FROM migrations m
       WHERE m.uuid = run.migration_uuid AND m.deleted_at IS NULL AND m.state IN ('Completed', 'In Progress'))
    AND NOT EXISTS (
      SELECT FROM runs later
       WHERE later.migration_uuid = run.migration_uuid AND later.kind = 'migrate'
         AND (later.created_at, later.uuid) > (run.created_at, run.uuid)))
$$;

-- Takes at most `most_events` events of a run that may go; with the last of them the run itself goes. The only way in which
-- history is deleted: the setting is on inside of this function alone. (A function that carries it as its own, by SET, may be
-- made by superusers only.)
CREATE FUNCTION eden_forget_run(forgotten uuid, ended_before timestamptz, most_events integer, OUT events integer, OUT gone boolean)
LANGUAGE plpgsql AS $$
BEGIN
  events := 0;
  gone := false;
  PERFORM FROM runs AS run WHERE run.uuid = forgotten AND eden_may_forget(run, ended_before) FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM set_config('eden.retention', 'on', true);
  DELETE FROM run_events AS event USING (
    SELECT e.sequence FROM run_events e WHERE e.run_uuid = forgotten ORDER BY e.sequence LIMIT most_events) AS oldest
   WHERE event.run_uuid = forgotten AND event.sequence = oldest.sequence;
  GET DIAGNOSTICS events = ROW_COUNT;
  gone := events < most_events;
  IF gone THEN
    DELETE FROM runs WHERE uuid = forgotten;
  END IF;
  PERFORM set_config('eden.retention', '', true);
END $$;

CREATE OR REPLACE FUNCTION eden_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'run_events' AND TG_OP = 'DELETE' AND current_setting('eden.retention', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
