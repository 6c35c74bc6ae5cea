-- Steps whose batches commit one by one, runs that a person has paused, and the pace of a run as a person has changed it.
ALTER TABLE "outside_steps"
  ADD COLUMN "progress" JSON,
  DROP CONSTRAINT "outside_steps_class_check",
  ADD CONSTRAINT "outside_steps_class_check" CHECK (class IN ('compensable', 'irreversible', 'batched'));

ALTER TABLE "runs"
  ADD COLUMN "tuning" JSON,
  DROP CONSTRAINT "runs_state_check",
  ADD CONSTRAINT "runs_state_check" CHECK (state IN ('queued', 'waiting_for_lock', 'stepping', 'paused', 'running', 'deciding',
    'committing', 'finishing', 'succeeded', 'aborting', 'compensating', 'failed', 'cancelled', 'in_doubt')),
  DROP CONSTRAINT "runs_epoch_check",
  ADD CONSTRAINT "runs_epoch_check" CHECK (state IN ('queued', 'waiting_for_lock', 'paused', 'failed', 'cancelled') OR epoch > 0);
