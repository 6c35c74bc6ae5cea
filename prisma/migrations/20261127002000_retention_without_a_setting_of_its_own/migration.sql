-- Installations from before this version made the function with a setting of its own (SET eden.retention), which superusers
-- alone may do: a dump of theirs could be restored by nobody else. New ones have it so already, and it changes nothing there.
CREATE OR REPLACE FUNCTION eden_forget_run(forgotten uuid, ended_before timestamptz, most_events integer, OUT events integer, OUT gone boolean)
LANGUAGE plpgsql AS $$
BEGIN
  events := 0;
  gone := false;
  PERFORM FROM runs AS run WHERE run.uuid = forgotten AND eden_may_forget(run, ended_before) FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM set_config('eden.retention', 'on', true);
  DELETE FROM run_events AS event USING (
    SELECT e.sequence FROM run_events e WHERE e.run_uuid = forgotten ORDER BY e.sequence LIMIT most_events) AS oldest
   WHERE event.run_uuid = forgotten AND event.sequence = oldest.sequence;
  GET DIAGNOSTICS events = ROW_COUNT;
  gone := events < most_events;
  IF gone THEN
    DELETE FROM runs WHERE uuid = forgotten;
  END IF;
  PERFORM set_config('eden.retention', '', true);
END $$;
