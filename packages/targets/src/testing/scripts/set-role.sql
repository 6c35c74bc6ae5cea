GRANT CREATE ON SCHEMA public TO pg_monitor;
SET ROLE pg_monitor;
CREATE TABLE hers (a int);
RESET ROLE;
CREATE TABLE mine (a int);
SET SESSION AUTHORIZATION DEFAULT;
SET LOCAL ROLE pg_monitor;
CREATE TABLE hers_too (a int);
