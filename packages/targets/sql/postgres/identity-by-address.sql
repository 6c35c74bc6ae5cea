-- As identity.sql, for servers that keep pg_control_system() to themselves: known by the address that the server
-- itself sees, so that two names of one server are one server all the same.
-- Takes nothing.
-- Gives one row: system_identifier, database_oid, database_name.
SELECT coalesce(host(inet_server_addr()), 'local') || ':' || current_setting('port') AS system_identifier,
       database.oid     AS database_oid,
       database.datname AS database_name
  FROM pg_database AS database
 WHERE database.datname = current_database();
