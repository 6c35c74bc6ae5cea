CREATE TABLE history (statement text);
CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO history VALUES (current_query()); END $$;
CREATE EVENT TRIGGER noted ON ddl_command_end EXECUTE FUNCTION note();
CREATE TABLE a (a int); CREATE TABLE b (b int);
CREATE INDEX ON a (a);
DROP EVENT TRIGGER noted;
