-- From where, and what came of it. Entries from before were all of what had been done.
ALTER TABLE "audit" ADD COLUMN     "origin" TEXT,
ADD COLUMN     "request_id" TEXT,
ADD COLUMN     "result" TEXT NOT NULL DEFAULT 'success';

-- CreateTable
CREATE TABLE "audit_links" (
    "entry_uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "number" BIGSERIAL NOT NULL,
    "position" BIGINT,
    "hash" BYTEA,

    CONSTRAINT "audit_links_pkey" PRIMARY KEY ("entry_uuid")
);

-- CreateTable
CREATE TABLE "audit_heads" (
    "organization_uuid" UUID NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "hash" BYTEA NOT NULL,
    "linked_at" TIMESTAMPTZ(3),
    "checkpoint_position" BIGINT NOT NULL DEFAULT 0,
    "checkpoint_hash" BYTEA NOT NULL,
    "checkpoint_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_heads_pkey" PRIMARY KEY ("organization_uuid")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_links_organization_uuid_position_key" ON "audit_links"("organization_uuid", "position");

-- CreateIndex
CREATE INDEX "audit_organization_uuid_actor_created_at_uuid_idx" ON "audit"("organization_uuid", "actor", "created_at", "uuid");

-- CreateIndex
CREATE INDEX "audit_organization_uuid_action_created_at_uuid_idx" ON "audit"("organization_uuid", "action", "created_at", "uuid");

-- CreateIndex
CREATE INDEX "audit_organization_uuid_subject_created_at_uuid_idx" ON "audit"("organization_uuid", "subject", "created_at", "uuid");

-- AddForeignKey
ALTER TABLE "audit_links" ADD CONSTRAINT "audit_links_entry_uuid_fkey" FOREIGN KEY ("entry_uuid") REFERENCES "audit"("uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "audit_heads" ADD CONSTRAINT "audit_heads_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;

ALTER TABLE "audit_links" ADD CONSTRAINT "audit_links_linked_check" CHECK ((position IS NULL) = (hash IS NULL));

-- What waits for its place in the chain.
CREATE INDEX "audit_links_waiting_idx" ON "audit_links" (organization_uuid, number) WHERE position IS NULL;

-- What the chain says of an entry: a JSON array of strings, the document verbatim in one of them.
CREATE FUNCTION eden_audit_text(entry audit) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT json_build_array(entry.uuid::text, entry.organization_uuid::text,
                          to_char(entry.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                          entry.actor, entry.action, entry.subject, entry.origin, entry.request_id, entry.result,
                          entry.data::text)::text
$$;

CREATE FUNCTION eden_audit_hash(previous bytea, place bigint, entry audit) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(previous || convert_to(place || ' ' || eden_audit_text(entry), 'UTF8'))
$$;

-- Where the chain of an organization begins.
CREATE FUNCTION eden_audit_seed(organization uuid) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(convert_to(organization::text, 'UTF8'))
$$;

-- Nobody dates an entry but the database, and every entry waits for its place in the chain.
CREATE FUNCTION eden_date_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER "date" BEFORE INSERT ON "audit" FOR EACH ROW EXECUTE FUNCTION eden_date_audit();

CREATE FUNCTION eden_enqueue_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO audit_links (entry_uuid, organization_uuid) VALUES (NEW.uuid, NEW.organization_uuid);
  RETURN NULL;
END $$;
CREATE TRIGGER "enqueue" AFTER INSERT ON "audit" FOR EACH ROW EXECUTE FUNCTION eden_enqueue_audit();

INSERT INTO audit_links (entry_uuid, organization_uuid)
SELECT uuid, organization_uuid FROM audit ORDER BY created_at, uuid;

-- Gives waiting entries their places, at most `most` of them. Only this takes a lock that writers do not have: of the heads,
-- and of those that another process is at it leaves out. Answers how many were linked.
CREATE FUNCTION eden_chain_audit(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  head audit_heads;
  waiting record;
  linked integer := 0;
BEGIN
  INSERT INTO audit_heads (organization_uuid, hash, checkpoint_hash)
  SELECT DISTINCT l.organization_uuid, eden_audit_seed(l.organization_uuid), eden_audit_seed(l.organization_uuid)
    FROM audit_links l
   WHERE l.position IS NULL AND NOT EXISTS (SELECT FROM audit_heads h WHERE h.organization_uuid = l.organization_uuid)
      ON CONFLICT DO NOTHING;
  FOR head IN
    SELECT h.* FROM audit_heads h
     WHERE EXISTS (SELECT FROM audit_links l WHERE l.organization_uuid = h.organization_uuid AND l.position IS NULL)
     ORDER BY h.linked_at NULLS FIRST
       FOR UPDATE SKIP LOCKED
  LOOP
    FOR waiting IN
      SELECT entry FROM audit_links l JOIN audit entry ON entry.uuid = l.entry_uuid
       WHERE l.organization_uuid = head.organization_uuid AND l.position IS NULL
       ORDER BY l.number LIMIT most - linked
    LOOP
      head.position := head.position + 1;
      head.hash := eden_audit_hash(head.hash, head.position, waiting.entry);
      UPDATE audit_links SET position = head.position, hash = head.hash WHERE entry_uuid = (waiting.entry).uuid;
      linked := linked + 1;
    END LOOP;
    UPDATE audit_heads SET position = head.position, hash = head.hash, linked_at = clock_timestamp()
     WHERE organization_uuid = head.organization_uuid;
    EXIT WHEN linked >= most;
  END LOOP;
  RETURN linked;
END $$;

-- Whether the entry that stands so far behind the checkpoint is there, and was written before the moment given.
CREATE FUNCTION eden_audit_written_before(head audit_heads, distance integer, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM audit_links l JOIN audit a ON a.uuid = l.entry_uuid
     WHERE l.organization_uuid = head.organization_uuid AND l.position = head.checkpoint_position + distance
       AND a.created_at < moment)
$$;

-- Takes away at most `most` entries that are older than `kept_days`, from the beginning of each chain, and moves the chain's
-- checkpoint there. What is less than that waits for a day: every move is an entry. Answers how many are gone.
CREATE FUNCTION eden_prune_audit(kept_days integer, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  kept_from CONSTANT timestamptz := now() - kept_days * interval '1 day';
  head audit_heads;
  young bigint;
  last_old audit_links;
  gone integer;
  total integer := 0;
BEGIN
  IF kept_days < 1 THEN
    RAISE EXCEPTION 'the audit is kept for a day at least' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR head IN
    SELECT * FROM audit_heads h
     WHERE eden_audit_written_before(h, 1, kept_from)
       AND (h.checkpoint_at IS NULL OR h.checkpoint_at < now() - interval '1 day'
            OR eden_audit_written_before(h, most, kept_from))
       FOR UPDATE SKIP LOCKED
  LOOP
    SELECT min(l.position) INTO young FROM audit_links l JOIN audit a ON a.uuid = l.entry_uuid
     WHERE l.organization_uuid = head.organization_uuid
       AND l.position > head.checkpoint_position AND l.position <= head.checkpoint_position + most - total
       AND a.created_at >= kept_from;
    SELECT * INTO last_old FROM audit_links
     WHERE organization_uuid = head.organization_uuid
       AND position = coalesce(young - 1, least(head.checkpoint_position + most - total, head.position));
    -- A chain with a hole stays as it is.
    CONTINUE WHEN NOT FOUND;
    UPDATE audit_heads
       SET checkpoint_position = last_old.position, checkpoint_hash = last_old.hash, checkpoint_at = clock_timestamp()
     WHERE organization_uuid = head.organization_uuid;
    DELETE FROM audit a USING audit_links l
     WHERE l.entry_uuid = a.uuid AND l.organization_uuid = head.organization_uuid AND l.position <= last_old.position;
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    EXIT WHEN total >= most;
  END LOOP;
  RETURN total;
END $$;

-- An entry never changes, and goes only once the checkpoint of its chain is behind it.
CREATE FUNCTION eden_guard_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM audit_links l JOIN audit_heads h ON h.organization_uuid = l.organization_uuid
     WHERE l.entry_uuid = OLD.uuid AND l.position <= h.checkpoint_position) THEN
    RAISE EXCEPTION 'audit is append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
DROP TRIGGER "append_only" ON "audit";
CREATE TRIGGER "append_only" BEFORE UPDATE OR TRUNCATE ON "audit"
  FOR EACH STATEMENT EXECUTE FUNCTION eden_refuse_change();
CREATE TRIGGER "keep" BEFORE DELETE ON "audit" FOR EACH ROW EXECUTE FUNCTION eden_guard_audit_entry();

-- A link begins without a place, gets one once, and goes with its entry.
CREATE FUNCTION eden_guard_audit_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (TG_OP = 'INSERT' AND NEW.position IS NULL)
     OR (TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL AND NEW.number = OLD.number
         AND (NEW.entry_uuid, NEW.organization_uuid) = (OLD.entry_uuid, OLD.organization_uuid))
     OR (TG_OP = 'DELETE' AND OLD.position <= (
           SELECT h.checkpoint_position FROM audit_heads h WHERE h.organization_uuid = OLD.organization_uuid))
  THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'audit_links is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "append_only" BEFORE TRUNCATE ON "audit_links"
  FOR EACH STATEMENT EXECUTE FUNCTION eden_refuse_change();
CREATE TRIGGER "keep" BEFORE INSERT OR UPDATE OR DELETE ON "audit_links"
  FOR EACH ROW EXECUTE FUNCTION eden_guard_audit_link();

-- A head moves forward only, and so does its checkpoint, to a link that is there.
CREATE FUNCTION eden_guard_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.organization_uuid <> OLD.organization_uuid OR NEW.position < OLD.position
     OR (NEW.position = OLD.position AND NEW.hash <> OLD.hash)
     OR NEW.checkpoint_position < OLD.checkpoint_position
     OR ((NEW.checkpoint_position, NEW.checkpoint_hash) <> (OLD.checkpoint_position, OLD.checkpoint_hash)
         AND NOT EXISTS (
           SELECT FROM audit_links l
            WHERE l.organization_uuid = NEW.organization_uuid
              AND l.position = NEW.checkpoint_position AND l.hash = NEW.checkpoint_hash))
  THEN
    RAISE EXCEPTION 'audit_heads moves forward only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "append_only" BEFORE DELETE OR TRUNCATE ON "audit_heads"
  FOR EACH STATEMENT EXECUTE FUNCTION eden_refuse_change();
CREATE TRIGGER "keep" BEFORE UPDATE ON "audit_heads" FOR EACH ROW EXECUTE FUNCTION eden_guard_audit_head();

-- Whoever moves a checkpoint leaves an entry in the chain, with the hash from which it goes on.
CREATE FUNCTION eden_tell_checkpoint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO audit (uuid, organization_uuid, actor, action, subject, origin, data)
  VALUES (gen_random_uuid(), NEW.organization_uuid, 'retention', 'audit.prune', 'audit', session_user,
          json_build_object('position', NEW.checkpoint_position, 'hash', encode(NEW.checkpoint_hash, 'hex'),
                            'entries', NEW.checkpoint_position - OLD.checkpoint_position));
  RETURN NULL;
END $$;
CREATE TRIGGER "tell" AFTER UPDATE ON "audit_heads" FOR EACH ROW
  WHEN (NEW.checkpoint_position <> OLD.checkpoint_position) EXECUTE FUNCTION eden_tell_checkpoint();

-- The steps of runs are entries too: whose run it is, and the worker that took the step. What a run waits for, and what its
-- databases say, is its history's alone.
CREATE FUNCTION eden_audit_run_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit (uuid, organization_uuid, actor, action, subject, origin, result, data)
  SELECT gen_random_uuid(), step.organization_uuid, coalesce(step.data->>'cancelled_by', run.actor), 'run.' || step.type,
         run.migration_id, run.owner,
         CASE step.type
           WHEN 'finished' THEN step.data->>'state'
           WHEN 'api_finished' THEN step.data->>'state'
           WHEN 'aborting' THEN step.data->>'outcome'
           WHEN 'in_doubt' THEN 'in_doubt'
           ELSE 'success'
         END,
         json_build_object('run_uuid', run.uuid, 'kind', run.kind, 'sequence', step.sequence, 'event', step.data)
    FROM written step JOIN runs run ON run.uuid = step.run_uuid
   WHERE step.type <> ALL ('{notice,further_notices,blocked,waiting,waiting_for_lock,database_identified}')
   ORDER BY step.run_uuid, step.sequence;
  RETURN NULL;
END $$;
CREATE TRIGGER "audit" AFTER INSERT ON "run_events" REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION eden_audit_run_steps();

-- Functions that run with their owner's rights look into this schema alone, and nobody calls them who was not let.
DO $$
DECLARE
  definer text;
BEGIN
  FOREACH definer IN ARRAY ARRAY['eden_enqueue_audit()', 'eden_chain_audit(integer)', 'eden_prune_audit(integer, integer)',
                                 'eden_tell_checkpoint()']
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', definer, current_schema());
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', definer);
  END LOOP;
END $$;
