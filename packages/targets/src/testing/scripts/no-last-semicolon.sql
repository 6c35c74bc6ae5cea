CREATE TABLE t (a int);
CREATE INDEX ON t (a) -- no semicolon