CREATE TABLE t (a int, b text);
COPY t (a, b) FROM stdin;
1	one; 'two' "three" $$
2	\N
3	\\. back \\ slash \t tab
4	-- /* no comment
\.

COPY public.t FROM STDIN WITH (FORMAT csv, HEADER);
a,b
5,"quoted, "" and
two lines"
6,;
\.
INSERT INTO t VALUES (7, 'after');
