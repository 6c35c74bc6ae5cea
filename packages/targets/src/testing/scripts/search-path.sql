CREATE SCHEMA app;
SET search_path TO app, public;
CREATE TABLE t (a int);
SET LOCAL search_path = public;
CREATE TABLE t (b int);
RESET search_path;
CREATE TABLE u (c int);
