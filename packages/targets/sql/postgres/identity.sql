-- Which database this is, whatever name or address led here.
-- Takes nothing. Needs EXECUTE on pg_control_system(), which PUBLIC has unless somebody took it away.
-- Gives one row: system_identifier, database_oid, database_name.
SELECT control.system_identifier::text AS system_identifier,
       database.oid                    AS database_oid,
       database.datname                AS database_name
  FROM pg_control_system() AS control, pg_database AS database
 WHERE database.datname = current_database();
