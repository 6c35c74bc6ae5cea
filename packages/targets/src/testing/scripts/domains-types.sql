CREATE DOMAIN positive AS int CONSTRAINT above CHECK (VALUE > 0);
CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE CAST (positive AS text) WITH INOUT;
