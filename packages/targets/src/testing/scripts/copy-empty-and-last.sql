CREATE TABLE t (a text);
COPY t FROM stdin;
\.
COPY t FROM stdin
;
x
\\.
\.
CREATE INDEX ON t (a);
COPY "t" ("a") FROM STDIN (FORMAT text, DELIMITER ';');  -- the data are next
last
