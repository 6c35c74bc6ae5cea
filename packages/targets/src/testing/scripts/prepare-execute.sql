CREATE TABLE t (a int, b text);
PREPARE fill (int, text) AS INSERT INTO t VALUES ($1, $2);
EXECUTE fill (1, 'a;b');
EXECUTE fill (2, $$c$$);
DEALLOCATE fill;
PREPARE "left behind" AS SELECT 1;
EXECUTE "left behind";
