-- A run's state as clients see it: the finer ones of the protocol stay inside. As WIRE_STATES of the gateway has them.
CREATE FUNCTION eden_wire_state(state text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE state WHEN 'stepping' THEN 'running'
                    WHEN 'deciding' THEN 'prepared'
                    WHEN 'finishing' THEN 'committing'
                    ELSE state END
$$;

-- As before, but for the state.
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
             'migration', run.migration_id, 'run', run.uuid, 'kind', run.kind, 'state', eden_wire_state(run.state),
             'error', CASE WHEN run.error IS NULL THEN NULL
                      ELSE json_build_object('code', run.error ->> 'code', 'error', run.error ->> 'error') END)
         END
    FROM webhooks webhook JOIN runs run ON run.uuid = NEW.run_uuid
   WHERE webhook.organization_uuid = NEW.organization_uuid AND told = ANY (webhook.events);
  RETURN NULL;
END $$;
