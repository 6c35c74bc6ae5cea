CREATE TABLE t (a int);
-- comment
COPY t FROM stdin;
1
\.
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$
SELECT 'a'
$$;
