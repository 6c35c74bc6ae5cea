-- extension: hstore
CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;
COMMENT ON EXTENSION hstore IS 'a; b';
CREATE TABLE t (h public.hstore DEFAULT 'a=>1');
