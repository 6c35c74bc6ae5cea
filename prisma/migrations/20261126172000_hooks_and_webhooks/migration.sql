-- Deploy hooks, and webhooks that tell others of runs.
-- CreateTable
CREATE TABLE "hooks" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "migrations" TEXT[],
    "actions" TEXT[],
    "secrets" BYTEA NOT NULL,
    "previous_valid_until" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "hooks_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "hook_calls" (
    "organization_uuid" UUID NOT NULL,
    "hook_uuid" UUID NOT NULL,
    "digest" TEXT NOT NULL,
    "run_uuid" UUID,
    "status" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "hook_calls_pkey" PRIMARY KEY ("hook_uuid","digest")
);

-- CreateTable
CREATE TABLE "webhooks" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "target" BYTEA NOT NULL,
    "place" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "events" TEXT[],
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "uuid" UUID NOT NULL DEFAULT gen_random_uuid(),
    "organization_uuid" UUID NOT NULL,
    "webhook_uuid" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "data" JSON NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "claimed_until" TIMESTAMPTZ(3),
    "retry_until" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp() + '1 day'::interval,
    "last_status" INTEGER,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("uuid")
);

-- CreateIndex
CREATE UNIQUE INDEX "hooks_organization_uuid_uuid_key" ON "hooks"("organization_uuid", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "hooks_organization_uuid_id_key" ON "hooks"("organization_uuid", "id");

-- CreateIndex
CREATE INDEX "hooks_organization_uuid_created_at_uuid_idx" ON "hooks"("organization_uuid", "created_at", "uuid");

-- CreateIndex
CREATE INDEX "hook_calls_created_at_idx" ON "hook_calls"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "webhooks_organization_uuid_uuid_key" ON "webhooks"("organization_uuid", "uuid");

-- CreateIndex
CREATE INDEX "webhooks_organization_uuid_created_at_uuid_idx" ON "webhooks"("organization_uuid", "created_at", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_deliveries_organization_uuid_uuid_key" ON "webhook_deliveries"("organization_uuid", "uuid");

-- CreateIndex
CREATE INDEX "webhook_deliveries_webhook_uuid_created_at_uuid_idx" ON "webhook_deliveries"("webhook_uuid", "created_at", "uuid");

-- CreateIndex
CREATE INDEX "webhook_deliveries_finished_at_idx" ON "webhook_deliveries"("finished_at");

-- AddForeignKey
ALTER TABLE "hooks" ADD CONSTRAINT "hooks_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "hook_calls" ADD CONSTRAINT "hook_calls_organization_uuid_hook_uuid_fkey" FOREIGN KEY ("organization_uuid", "hook_uuid") REFERENCES "hooks"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_organization_uuid_webhook_uuid_fkey" FOREIGN KEY ("organization_uuid", "webhook_uuid") REFERENCES "webhooks"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;


-- What schema.prisma cannot say.

ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_format_check" CHECK (format IN ('json', 'slack'));
ALTER TABLE "webhook_deliveries"
  ADD CONSTRAINT "webhook_deliveries_state_check" CHECK (state IN ('pending', 'delivered', 'dead')),
  ADD CONSTRAINT "webhook_deliveries_finished_check" CHECK ((state = 'pending') = (finished_at IS NULL));
ALTER TABLE "hook_calls" ADD CONSTRAINT "hook_calls_answer_check" CHECK ((run_uuid IS NULL) = (status IS NULL));

-- What the workers look at every second: the few that wait.
CREATE INDEX "webhook_deliveries_pending_idx" ON "webhook_deliveries" (webhook_uuid, due_at) WHERE state = 'pending';

CREATE TRIGGER "touch" BEFORE UPDATE ON "hooks" FOR EACH ROW EXECUTE FUNCTION eden_touch();

-- The event of a run becomes a delivery for each webhook that wants it: in the transaction of the event, whoever writes it.
CREATE FUNCTION eden_tell_webhooks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told text := CASE NEW.type WHEN 'finished' THEN 'run.' || (NEW.data ->> 'state') ELSE 'run.' || NEW.type END;
BEGIN
  INSERT INTO webhook_deliveries (organization_uuid, webhook_uuid, type, at, data)
  SELECT webhook.organization_uuid, webhook.uuid, told, NEW.at,
         json_build_object(
           'migration', run.migration_id, 'run', run.uuid, 'kind', run.kind,
           'state', CASE run.state WHEN 'deciding' THEN 'prepared' ELSE run.state END,
           'error', CASE WHEN run.error IS NULL THEN NULL
                    ELSE json_build_object('code', run.error ->> 'code', 'error', run.error ->> 'error') END)
    FROM webhooks webhook JOIN runs run ON run.uuid = NEW.run_uuid
   WHERE webhook.organization_uuid = NEW.organization_uuid AND told = ANY (webhook.events);
  RETURN NULL;
END $$;
CREATE TRIGGER "tell_webhooks" AFTER INSERT ON "run_events" FOR EACH ROW
  WHEN (NEW.type IN ('queued', 'started', 'blocked', 'in_doubt', 'finished')) EXECUTE FUNCTION eden_tell_webhooks();

-- Wakes the workers: there is something to deliver.
CREATE FUNCTION eden_notify_webhook() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM written) THEN
    PERFORM pg_notify('eden_webhook', '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "notify" AFTER INSERT ON "webhook_deliveries" REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION eden_notify_webhook();

-- Wakes those who wait at the gate of a migration, whatever they call it: its organization, its uuid, its id.
CREATE FUNCTION eden_notify_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'runs' THEN
    PERFORM pg_notify('eden_gate', concat_ws(' ', NEW.organization_uuid, NEW.migration_uuid, NEW.migration_id));
  ELSE
    PERFORM pg_notify('eden_gate', concat_ws(' ', NEW.organization_uuid, NEW.uuid, NEW.id));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "notify_gate_created" AFTER INSERT ON "migrations" FOR EACH ROW EXECUTE FUNCTION eden_notify_gate();
CREATE TRIGGER "notify_gate_moved" AFTER UPDATE OF state, plan_hash, deleted_at ON "migrations" FOR EACH ROW
  WHEN ((OLD.state, OLD.plan_hash, OLD.deleted_at) IS DISTINCT FROM (NEW.state, NEW.plan_hash, NEW.deleted_at))
  EXECUTE FUNCTION eden_notify_gate();
CREATE TRIGGER "notify_gate_queued" AFTER INSERT ON "runs" FOR EACH ROW EXECUTE FUNCTION eden_notify_gate();
CREATE TRIGGER "notify_gate_moved" AFTER UPDATE OF state ON "runs" FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND (NEW.finished_at IS NOT NULL OR NEW.state = 'in_doubt'))
  EXECUTE FUNCTION eden_notify_gate();
