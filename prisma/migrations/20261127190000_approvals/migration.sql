-- Approvals of plans, rehearsals, and the schemas that runs have left.
ALTER TABLE "migrations" ADD COLUMN "approved_hash" TEXT,
ADD COLUMN "approved_by" TEXT,
ADD COLUMN "approved_at" TIMESTAMPTZ(3);

ALTER TABLE "runs" ADD COLUMN "rehearse" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "resource_changes" (
    "organization_uuid" UUID NOT NULL,
    "resource_uuid" UUID NOT NULL,
    "actor" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "resource_changes_pkey" PRIMARY KEY ("resource_uuid")
);

-- CreateTable
CREATE TABLE "schema_snapshots" (
    "organization_uuid" UUID NOT NULL,
    "migration_uuid" UUID NOT NULL,
    "database_key" TEXT NOT NULL,
    "database_name" TEXT NOT NULL,
    "endpoint_uuid" UUID NOT NULL,
    "objects" BYTEA NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "schema_snapshots_pkey" PRIMARY KEY ("migration_uuid","database_key")
);

-- AddForeignKey
ALTER TABLE "schema_snapshots" ADD CONSTRAINT "schema_snapshots_organization_uuid_migration_uuid_fkey" FOREIGN KEY ("organization_uuid", "migration_uuid") REFERENCES "migrations"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "resource_changes" ADD CONSTRAINT "resource_changes_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;


-- What schema.prisma cannot say.

ALTER TABLE "migrations" ADD CONSTRAINT "migrations_approval_check"
  CHECK ((approved_hash IS NULL) = (approved_by IS NULL) AND (approved_hash IS NULL) = (approved_at IS NULL));
ALTER TABLE "runs" ADD CONSTRAINT "runs_rehearse_check" CHECK (kind = 'sync' OR NOT rehearse);

-- What an entry of the audit says to have been changed; null where it is nothing that a plan is made of.
CREATE FUNCTION eden_changed_resource(action text, data json) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN action IN ('source.put', 'source.delete') THEN (data ->> 'migration')::uuid
    WHEN action ~ '^(endpoint|template|api)[.](create|update)$'
      OR action IN ('migration.create', 'migration.update', 'migration.add_api', 'migration.remove_api')
      THEN (data ->> 'uuid')::uuid
  END
$$;

-- In the transaction of the change, also where an earlier version makes it.
CREATE FUNCTION eden_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  resource uuid := eden_changed_resource(NEW.action, NEW.data);
BEGIN
  IF resource IS NOT NULL THEN
    INSERT INTO resource_changes (organization_uuid, resource_uuid, actor, changed_at)
    VALUES (NEW.organization_uuid, resource, NEW.actor, NEW.created_at)
    ON CONFLICT (resource_uuid) DO UPDATE SET actor = excluded.actor, changed_at = excluded.changed_at
     WHERE resource_changes.organization_uuid = excluded.organization_uuid;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "note_change" AFTER INSERT ON "audit" FOR EACH ROW EXECUTE FUNCTION eden_note_change();

INSERT INTO resource_changes (organization_uuid, resource_uuid, actor, changed_at)
SELECT DISTINCT ON (resource) organization_uuid, resource, actor, created_at
  FROM audit CROSS JOIN LATERAL eden_changed_resource(action, data) AS resource
 WHERE resource IS NOT NULL
 ORDER BY resource, created_at DESC, uuid DESC;

-- Those who wait at a gate for an approval.
CREATE TRIGGER "notify_gate_approved" AFTER UPDATE OF approved_hash ON "migrations" FOR EACH ROW
  WHEN (OLD.approved_hash IS DISTINCT FROM NEW.approved_hash) EXECUTE FUNCTION eden_notify_gate();

-- A plan that waits for its approval is told by the history of its sync, in the transaction of the sync's end.
CREATE OR REPLACE FUNCTION eden_tell_webhooks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told text := CASE NEW.type WHEN 'finished' THEN 'run.' || (NEW.data ->> 'state')
                             WHEN 'approval_wanted' THEN 'approval.wanted'
                             ELSE 'run.' || NEW.type END;
BEGIN
  INSERT INTO webhook_deliveries (organization_uuid, webhook_uuid, type, at, data)
  SELECT webhook.organization_uuid, webhook.uuid, told, NEW.at,
         CASE NEW.type WHEN 'approval_wanted' THEN
           json_build_object('migration', run.migration_id, 'run', run.uuid, 'kind', run.kind, 'state', 'succeeded',
                             'error', NULL, 'plan_hash', NEW.data ->> 'plan_hash')
         ELSE
           json_build_object(
             'migration', run.migration_id, 'run', run.uuid, 'kind', run.kind,
             'state', CASE run.state WHEN 'deciding' THEN 'prepared' ELSE run.state END,
             'error', CASE WHEN run.error IS NULL THEN NULL
                      ELSE json_build_object('code', run.error ->> 'code', 'error', run.error ->> 'error') END)
         END
    FROM webhooks webhook JOIN runs run ON run.uuid = NEW.run_uuid
   WHERE webhook.organization_uuid = NEW.organization_uuid AND told = ANY (webhook.events);
  RETURN NULL;
END $$;
DROP TRIGGER "tell_webhooks" ON "run_events";
CREATE TRIGGER "tell_webhooks" AFTER INSERT ON "run_events" FOR EACH ROW
  WHEN (NEW.type IN ('queued', 'started', 'blocked', 'in_doubt', 'finished', 'approval_wanted'))
  EXECUTE FUNCTION eden_tell_webhooks();
