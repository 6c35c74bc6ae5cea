CREATE FUNCTION eq(a int, b int) RETURNS bool LANGUAGE sql AS 'SELECT a = b';
CREATE OPERATOR <=>! (LEFTARG = int, RIGHTARG = int, FUNCTION = eq);
CREATE OPERATOR @-@ (RIGHTARG = int, FUNCTION = abs);
CREATE VIEW v AS SELECT 1 <=>! 2 AS a, @-@ 5 AS b, 1 OPERATOR(pg_catalog.+) 1 AS c, 2*-1 AS d, '{}'::jsonb ?| ARRAY['a'] AS e;
