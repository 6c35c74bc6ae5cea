-- Run once, by the image's entry point, when a cluster is created: the role that Eden Migrations connects as, no
-- superuser, and the database that it owns. Names come from the service's environment, the password from a file.
\set ON_ERROR_STOP on
\getenv role APPLICATION_ROLE
\getenv database APPLICATION_DATABASE
\set password `cat "$APPLICATION_PASSWORD_FILE"`
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"role";
REVOKE CONNECT ON DATABASE :"database" FROM PUBLIC;
