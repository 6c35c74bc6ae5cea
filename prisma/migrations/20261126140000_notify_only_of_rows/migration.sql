-- A statement trigger fires for a statement that wrote nothing, too: every idle worker asks four times a second for
-- runs that were forgotten, and each NOTIFY is a commit with an entry in the notification queue.
CREATE OR REPLACE FUNCTION eden_notify_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM written) THEN
    PERFORM pg_notify('eden_outbox', '');
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER "notify" ON "outbox";
CREATE TRIGGER "notify" AFTER INSERT ON "outbox" REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION eden_notify_outbox();
