CREATE TABLE seen (tag text);
CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES (tg_tag); END $$;
CREATE EVENT TRIGGER noted ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION note();
CREATE TABLE t (a int);
DROP EVENT TRIGGER noted;
