CREATE TABLE t (a int);
COMMENT ON TABLE t IS 'it''s; a $$ table';
COMMENT ON COLUMN t.a IS E'two\nlines;';
COMMENT ON TABLE t IS NULL;
COMMENT ON SCHEMA public IS '';
