-- Tries of a step that have failed, by whichever worker, and what its database was like once the steps before the atomic part were done.
ALTER TABLE outside_steps
  ADD COLUMN failures integer NOT NULL DEFAULT 0,
  ADD COLUMN schema_fingerprint text;
