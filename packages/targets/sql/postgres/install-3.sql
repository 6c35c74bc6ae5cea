-- Version 3 of the service's schema in a target. Run where version 2 is, in a transaction that holds the install lock.
-- Takes nothing. Needs to own the tables. Gives nothing.
--
-- step  one row for each step of a run outside its transaction, written before and after what it does: `position` and
--       `undone` count the statements that are through, `note` holds what was there before each of those that cannot be in
--       a transaction. Whoever takes a step back raises `epoch`, which fences older tries. Stays until its run is pruned.
CREATE TABLE _eden.step (
  run_uuid uuid NOT NULL,
  number   integer NOT NULL,
  epoch    bigint NOT NULL,
  state    text NOT NULL CHECK (state IN ('doing', 'done', 'undoing', 'undone')),
  position integer NOT NULL DEFAULT 0,
  undone   integer NOT NULL DEFAULT 0,
  recorded boolean NOT NULL DEFAULT false,
  note     jsonb NOT NULL DEFAULT '{}',
  begun_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_uuid, number)
);
UPDATE _eden.version SET version = 3;
