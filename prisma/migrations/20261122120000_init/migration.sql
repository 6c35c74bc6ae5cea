-- The part that schema.prisma describes, as Prisma writes it.

-- CreateTable
CREATE TABLE "installations" (
    "system_identifier" TEXT NOT NULL,
    "database_oid" BIGINT NOT NULL,
    "id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "installations_pkey" PRIMARY KEY ("system_identifier","database_oid")
);

-- CreateTable
CREATE TABLE "organizations" (
    "uuid" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "description" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "users" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "username" TEXT NOT NULL,
    "description" TEXT,
    "access_level" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "users_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "revoked_tokens" (
    "jti" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "revoked_tokens_pkey" PRIMARY KEY ("jti")
);

-- CreateTable
CREATE TABLE "endpoints" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "description" TEXT,
    "config" BYTEA NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "endpoints_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "templates" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "description" TEXT,
    "endpoint_uuid" UUID NOT NULL,
    "endpoint_kind" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "body" JSON NOT NULL,
    "settings" JSON NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "templates_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "apis" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "description" TEXT,
    "fields" JSON NOT NULL,
    "schema_version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "apis_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "api_bindings" (
    "organization_uuid" UUID NOT NULL,
    "api_uuid" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "template_uuid" UUID NOT NULL,
    "fields" JSON NOT NULL,

    CONSTRAINT "api_bindings_pkey" PRIMARY KEY ("api_uuid","position")
);

-- CreateTable
CREATE TABLE "migrations" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "description" TEXT,
    "state" TEXT NOT NULL DEFAULT 'Pending',
    "epoch" BIGINT NOT NULL DEFAULT 0,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "parameters" JSON NOT NULL,
    "options" JSON NOT NULL,
    "plan" JSON,
    "plan_hash" TEXT,
    "atomicity" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "migrations_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "memberships" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "migration_uuid" UUID NOT NULL,
    "api_uuid" UUID NOT NULL,
    "stage" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "synced" BOOLEAN NOT NULL DEFAULT false,
    "next_fields" JSON,
    "next_bindings" BOOLEAN NOT NULL DEFAULT false,
    "previous_fields" JSON,
    "committed_schema_version" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "membership_bindings" (
    "organization_uuid" UUID NOT NULL,
    "membership_uuid" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "template_uuid" UUID NOT NULL,
    "fields" JSON NOT NULL,

    CONSTRAINT "membership_bindings_pkey" PRIMARY KEY ("membership_uuid","role","position")
);

-- CreateTable
CREATE TABLE "runs" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "migration_uuid" UUID NOT NULL,
    "migration_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "slot" TEXT,
    "epoch" BIGINT NOT NULL DEFAULT 0,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "actor" TEXT NOT NULL,
    "overrides" JSON NOT NULL,
    "owner" TEXT,
    "heartbeat_at" TIMESTAMPTZ(3),
    "waiting_since" TIMESTAMPTZ(3),
    "lock_wait_ms" INTEGER,
    "parallel_execution_ms" INTEGER,
    "error" JSON,
    "event_count" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "in_doubt_since" TIMESTAMPTZ(3),
    "cancelled_by" TEXT,

    CONSTRAINT "runs_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "run_apis" (
    "organization_uuid" UUID NOT NULL,
    "run_uuid" UUID NOT NULL,
    "api_uuid" UUID NOT NULL,
    "api_id" TEXT NOT NULL,
    "stage" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "bindings" JSON NOT NULL,

    CONSTRAINT "run_apis_pkey" PRIMARY KEY ("run_uuid","api_uuid")
);

-- CreateTable
CREATE TABLE "run_participants" (
    "organization_uuid" UUID NOT NULL,
    "run_uuid" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "endpoint_uuid" UUID NOT NULL,
    "system_identifier" TEXT NOT NULL,
    "database_oid" BIGINT NOT NULL,
    "database_name" TEXT NOT NULL,
    "prepared_id" TEXT NOT NULL,
    "last_resource" BOOLEAN NOT NULL,

    CONSTRAINT "run_participants_pkey" PRIMARY KEY ("run_uuid","attempt","number")
);

-- CreateTable
CREATE TABLE "target_databases" (
    "organization_uuid" UUID NOT NULL,
    "endpoint_uuid" UUID NOT NULL,
    "system_identifier" TEXT NOT NULL,
    "database_oid" BIGINT NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "target_databases_pkey" PRIMARY KEY ("system_identifier","database_oid","endpoint_uuid")
);

-- CreateTable
CREATE TABLE "run_events" (
    "organization_uuid" UUID NOT NULL,
    "run_uuid" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "type" TEXT NOT NULL,
    "data" JSON NOT NULL,

    CONSTRAINT "run_events_pkey" PRIMARY KEY ("run_uuid","sequence")
);

-- CreateTable
CREATE TABLE "outbox" (
    "uuid" UUID NOT NULL DEFAULT gen_random_uuid(),
    "organization_uuid" UUID NOT NULL,
    "run_uuid" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "claimed_until" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "organization_uuid" UUID NOT NULL,
    "user_uuid" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "body" JSON,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("organization_uuid","user_uuid","key")
);

-- CreateTable
CREATE TABLE "audit" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "data" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "audit_pkey" PRIMARY KEY ("uuid")
);

-- CreateIndex
CREATE UNIQUE INDEX "installations_id_key" ON "installations"("id");

-- CreateIndex
CREATE UNIQUE INDEX "organizations_id_key" ON "organizations"("id");

-- CreateIndex
CREATE INDEX "users_organization_uuid_created_at_uuid_idx" ON "users"("organization_uuid", "created_at", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "users_organization_uuid_username_key" ON "users"("organization_uuid", "username");

-- CreateIndex
CREATE INDEX "revoked_tokens_expires_at_idx" ON "revoked_tokens"("expires_at");

-- CreateIndex
CREATE INDEX "endpoints_organization_uuid_created_at_uuid_idx" ON "endpoints"("organization_uuid", "created_at", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "endpoints_organization_uuid_uuid_key" ON "endpoints"("organization_uuid", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "endpoints_organization_uuid_id_key" ON "endpoints"("organization_uuid", "id");

-- CreateIndex
CREATE INDEX "templates_organization_uuid_created_at_uuid_idx" ON "templates"("organization_uuid", "created_at", "uuid");

-- CreateIndex
CREATE INDEX "templates_organization_uuid_endpoint_uuid_idx" ON "templates"("organization_uuid", "endpoint_uuid");

-- CreateIndex
CREATE UNIQUE INDEX "templates_organization_uuid_uuid_key" ON "templates"("organization_uuid", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "templates_organization_uuid_id_key" ON "templates"("organization_uuid", "id");

-- CreateIndex
CREATE INDEX "apis_organization_uuid_created_at_uuid_idx" ON "apis"("organization_uuid", "created_at", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "apis_organization_uuid_uuid_key" ON "apis"("organization_uuid", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "apis_organization_uuid_id_key" ON "apis"("organization_uuid", "id");

-- CreateIndex
CREATE INDEX "api_bindings_organization_uuid_template_uuid_idx" ON "api_bindings"("organization_uuid", "template_uuid");

-- CreateIndex
CREATE INDEX "migrations_organization_uuid_created_at_uuid_idx" ON "migrations"("organization_uuid", "created_at", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "migrations_organization_uuid_uuid_key" ON "migrations"("organization_uuid", "uuid");

-- CreateIndex
CREATE INDEX "memberships_api_uuid_idx" ON "memberships"("api_uuid");

-- CreateIndex
CREATE UNIQUE INDEX "memberships_organization_uuid_uuid_key" ON "memberships"("organization_uuid", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "memberships_migration_uuid_api_uuid_key" ON "memberships"("migration_uuid", "api_uuid");

-- CreateIndex
CREATE INDEX "membership_bindings_organization_uuid_template_uuid_idx" ON "membership_bindings"("organization_uuid", "template_uuid");

-- CreateIndex
CREATE INDEX "runs_migration_uuid_created_at_uuid_idx" ON "runs"("migration_uuid", "created_at", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "runs_organization_uuid_uuid_key" ON "runs"("organization_uuid", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "runs_migration_uuid_slot_key" ON "runs"("migration_uuid", "slot");

-- CreateIndex
CREATE UNIQUE INDEX "run_participants_prepared_id_key" ON "run_participants"("prepared_id");

-- CreateIndex
CREATE INDEX "outbox_run_uuid_created_at_idx" ON "outbox"("run_uuid", "created_at");

-- CreateIndex
CREATE INDEX "outbox_sent_at_idx" ON "outbox"("sent_at");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- CreateIndex
CREATE INDEX "audit_organization_uuid_created_at_uuid_idx" ON "audit"("organization_uuid", "created_at", "uuid");

-- AddForeignKey
ALTER TABLE "users" ADD CONSTRAINT "users_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "templates" ADD CONSTRAINT "templates_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "templates" ADD CONSTRAINT "templates_organization_uuid_endpoint_uuid_fkey" FOREIGN KEY ("organization_uuid", "endpoint_uuid") REFERENCES "endpoints"("organization_uuid", "uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "apis" ADD CONSTRAINT "apis_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "api_bindings" ADD CONSTRAINT "api_bindings_organization_uuid_api_uuid_fkey" FOREIGN KEY ("organization_uuid", "api_uuid") REFERENCES "apis"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "api_bindings" ADD CONSTRAINT "api_bindings_organization_uuid_template_uuid_fkey" FOREIGN KEY ("organization_uuid", "template_uuid") REFERENCES "templates"("organization_uuid", "uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "migrations" ADD CONSTRAINT "migrations_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organization_uuid_migration_uuid_fkey" FOREIGN KEY ("organization_uuid", "migration_uuid") REFERENCES "migrations"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organization_uuid_api_uuid_fkey" FOREIGN KEY ("organization_uuid", "api_uuid") REFERENCES "apis"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "membership_bindings" ADD CONSTRAINT "membership_bindings_organization_uuid_membership_uuid_fkey" FOREIGN KEY ("organization_uuid", "membership_uuid") REFERENCES "memberships"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "membership_bindings" ADD CONSTRAINT "membership_bindings_organization_uuid_template_uuid_fkey" FOREIGN KEY ("organization_uuid", "template_uuid") REFERENCES "templates"("organization_uuid", "uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_organization_uuid_migration_uuid_fkey" FOREIGN KEY ("organization_uuid", "migration_uuid") REFERENCES "migrations"("organization_uuid", "uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "run_apis" ADD CONSTRAINT "run_apis_organization_uuid_run_uuid_fkey" FOREIGN KEY ("organization_uuid", "run_uuid") REFERENCES "runs"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "run_participants" ADD CONSTRAINT "run_participants_organization_uuid_run_uuid_fkey" FOREIGN KEY ("organization_uuid", "run_uuid") REFERENCES "runs"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "target_databases" ADD CONSTRAINT "target_databases_organization_uuid_endpoint_uuid_fkey" FOREIGN KEY ("organization_uuid", "endpoint_uuid") REFERENCES "endpoints"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "run_events" ADD CONSTRAINT "run_events_organization_uuid_run_uuid_fkey" FOREIGN KEY ("organization_uuid", "run_uuid") REFERENCES "runs"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_organization_uuid_run_uuid_fkey" FOREIGN KEY ("organization_uuid", "run_uuid") REFERENCES "runs"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "audit" ADD CONSTRAINT "audit_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;


-- What schema.prisma cannot say.

-- States. Text with CHECKs and not enums: a value is added by replacing one constraint, inside a transaction.
ALTER TABLE "users"
  ADD CONSTRAINT "users_access_level_check" CHECK (access_level IN ('Read', 'Write', 'Admin', 'SuperAdmin'));
ALTER TABLE "templates"
  ADD CONSTRAINT "templates_kind_check" CHECK (kind IN ('Read', 'Write', 'Transaction', 'TwoPhaseTransaction'));
ALTER TABLE "membership_bindings"
  ADD CONSTRAINT "membership_bindings_role_check" CHECK (role IN ('migration', 'next', 'previous'));
ALTER TABLE "migrations"
  ADD CONSTRAINT "migrations_state_check"
    CHECK (state IN ('Pending', 'In Progress', 'Completed', 'Failed', 'Rolled Back')),
  ADD CONSTRAINT "migrations_plan_check" CHECK ((plan IS NULL) = (plan_hash IS NULL) AND (plan IS NULL) = (atomicity IS NULL)),
  ADD CONSTRAINT "migrations_deleted_check" CHECK (deleted_at IS NULL OR state <> 'In Progress');
ALTER TABLE "runs"
  ADD CONSTRAINT "runs_kind_check" CHECK (kind IN ('sync', 'migrate', 'rollback')),
  ADD CONSTRAINT "runs_state_check" CHECK (state IN ('queued', 'waiting_for_lock', 'running', 'deciding', 'committing',
    'succeeded', 'aborting', 'failed', 'cancelled', 'in_doubt')),
  ADD CONSTRAINT "runs_slot_check" CHECK (slot IN ('active', 'behind')),
  -- A run holds its slot until it is finished.
  ADD CONSTRAINT "runs_finished_check" CHECK (
    (state IN ('succeeded', 'failed', 'cancelled')) = (slot IS NULL)
    AND (slot IS NULL) = (finished_at IS NOT NULL)),
  -- Only a migrate waits behind its sync, and nobody works on it meanwhile.
  ADD CONSTRAINT "runs_behind_check" CHECK (slot <> 'behind' OR (kind = 'migrate' AND state = 'queued' AND owner IS NULL)),
  -- Before T1 there is no epoch, beyond it there is one.
  ADD CONSTRAINT "runs_epoch_check" CHECK (state IN ('queued', 'waiting_for_lock', 'failed', 'cancelled') OR epoch > 0),
  ADD CONSTRAINT "runs_owner_check" CHECK ((owner IS NULL) = (heartbeat_at IS NULL)),
  ADD CONSTRAINT "runs_in_doubt_check" CHECK (state <> 'in_doubt' OR in_doubt_since IS NOT NULL),
  ADD CONSTRAINT "runs_cancelled_check" CHECK (state <> 'cancelled' OR cancelled_by IS NOT NULL);
ALTER TABLE "run_apis"
  ADD CONSTRAINT "run_apis_state_check" CHECK (state IN ('pending', 'running', 'succeeded', 'failed', 'rolled_back')),
  ADD CONSTRAINT "run_apis_class_check" CHECK (class IN ('2pc', 'one-phase', 'compensable', 'irreversible'));
ALTER TABLE "idempotency_keys"
  ADD CONSTRAINT "idempotency_keys_answer_check" CHECK ((status IS NULL) = (body IS NULL));

-- A deleted migration gives its id back.
CREATE UNIQUE INDEX "migrations_live_id_key" ON "migrations" (organization_uuid, id) WHERE deleted_at IS NULL;
-- "APIs can only belong to one migration at a time."
CREATE UNIQUE INDEX "memberships_active_api_key" ON "memberships" (api_uuid) WHERE active;
-- One commit decides: a second last resource would be torn from it.
CREATE UNIQUE INDEX "run_participants_last_resource_key" ON "run_participants" (run_uuid, attempt) WHERE last_resource;
-- What recovery and the reconciler look at every second: the few unfinished runs.
CREATE INDEX "runs_unfinished_idx" ON "runs" (state, heartbeat_at) WHERE slot = 'active';
CREATE INDEX "outbox_unsent_idx" ON "outbox" (created_at) WHERE sent_at IS NULL;

CREATE FUNCTION eden_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER "touch" BEFORE UPDATE ON "users" FOR EACH ROW EXECUTE FUNCTION eden_touch();
CREATE TRIGGER "touch" BEFORE UPDATE ON "endpoints" FOR EACH ROW EXECUTE FUNCTION eden_touch();
CREATE TRIGGER "touch" BEFORE UPDATE ON "templates" FOR EACH ROW EXECUTE FUNCTION eden_touch();
CREATE TRIGGER "touch" BEFORE UPDATE ON "apis" FOR EACH ROW EXECUTE FUNCTION eden_touch();
CREATE TRIGGER "touch" BEFORE UPDATE ON "migrations" FOR EACH ROW EXECUTE FUNCTION eden_touch();

-- Wakes the relays: there is something to send.
CREATE FUNCTION eden_notify_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('eden_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "notify" AFTER INSERT ON "outbox" FOR EACH STATEMENT EXECUTE FUNCTION eden_notify_outbox();

-- Wakes the requests that wait for this run.
CREATE FUNCTION eden_notify_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('eden_run', NEW.uuid::text);
  RETURN NULL;
END $$;
CREATE TRIGGER "notify_finished" AFTER UPDATE OF finished_at ON "runs" FOR EACH ROW
  WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL) EXECUTE FUNCTION eden_notify_run();

-- Wakes those who follow this run.
CREATE FUNCTION eden_notify_run_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('eden_run_event', NEW.run_uuid::text);
  RETURN NULL;
END $$;
CREATE TRIGGER "notify" AFTER INSERT ON "run_events" FOR EACH ROW EXECUTE FUNCTION eden_notify_run_event();

CREATE FUNCTION eden_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit"
  FOR EACH STATEMENT EXECUTE FUNCTION eden_refuse_change();
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "run_events"
  FOR EACH STATEMENT EXECUTE FUNCTION eden_refuse_change();
