-- Version 2 of the service's schema in a target. Run where version 1 is, in a transaction that holds the install lock.
-- Takes nothing. Needs to own the tables. Gives nothing.
--
-- ledger.token  which attempt of its run has committed: drawn anew by each, so that two attempts of one epoch, on two
--               timelines of the control database, are told apart
-- identity      an id of this database's own, which copies of the database have as well until they are given another one
-- version       the version of this schema
ALTER TABLE _eden.ledger ADD COLUMN token text NOT NULL DEFAULT '';
CREATE TABLE _eden.identity (
  single  boolean PRIMARY KEY DEFAULT true CHECK (single),
  id      uuid NOT NULL DEFAULT gen_random_uuid(),
  made_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO _eden.identity DEFAULT VALUES;
CREATE TABLE _eden.version (
  single  boolean PRIMARY KEY DEFAULT true CHECK (single),
  version integer NOT NULL
);
INSERT INTO _eden.version (version) VALUES (2);
GRANT SELECT ON _eden.identity, _eden.version TO PUBLIC;
