CREATE TABLE t (a int, b int);
CREATE STATISTICS stat (ndistinct) ON a, b FROM t;
CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple);
CREATE COLLATION plain_c (LOCALE = 'C');
