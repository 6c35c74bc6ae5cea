-- Version 1 of the service's schema in a target. Run where it is missing, in a transaction that holds the install lock:
-- `IF NOT EXISTS` alone does not stand concurrent creators.
-- Takes nothing. Needs CREATE on the database. Gives nothing.
--
-- fence   the newest epoch that may write for a migration; rows are never deleted
-- gate    the version of an API's definition that fits this database; everybody may read it
-- ledger  one row for each committed participant, until its run is known to be complete
CREATE SCHEMA IF NOT EXISTS _eden;
CREATE TABLE _eden.fence (
  migration_uuid uuid PRIMARY KEY,
  epoch          bigint NOT NULL
);
CREATE TABLE _eden.gate (
  api_uuid       uuid PRIMARY KEY,
  schema_version bigint NOT NULL
);
CREATE TABLE _eden.ledger (
  run_uuid     uuid NOT NULL,
  epoch        bigint NOT NULL,
  number       integer NOT NULL,
  committed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_uuid, epoch, number)
);
GRANT USAGE ON SCHEMA _eden TO PUBLIC;
GRANT SELECT ON _eden.gate TO PUBLIC;
