CREATE TABLE t (a int CHECK (a IN (1, 2, (3))), b text DEFAULT (')'));
CREATE VIEW v AS (SELECT (1), ((2)) AS b, ')' AS c);
(SELECT 1);
((SELECT 1) UNION (SELECT 2)) ORDER BY 1;
VALUES (1, ';');
TABLE t;
