CREATE TABLE t (a int[], b text);
CREATE FUNCTION lower_of(lo int, hi int) RETURNS int[] LANGUAGE sql
BEGIN ATOMIC
  SELECT a[lo:hi] FROM t;
END;
CREATE VIEW v AS SELECT a[1:2] AS s, a[1:cardinality(a)] AS m, a[:2] AS n, b::varchar(3)::text AS c, '1'::int AS d FROM t;
CREATE FUNCTION named(x int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT x';
CREATE VIEW w AS SELECT named(x := 2) AS a, named(x => 3) AS b;
