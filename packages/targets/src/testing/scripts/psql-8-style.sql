CREATE TABLE t (
    id serial NOT NULL,
    name character varying(10) DEFAULT ''::character varying NOT NULL
);
CREATE OR REPLACE FUNCTION old_style(integer) RETURNS integer AS '
DECLARE
  x ALIAS FOR $1;
BEGIN
  -- quotes are doubled: ''''
  RETURN x + length(''a;b'');
END;
' LANGUAGE 'plpgsql' IMMUTABLE STRICT;
ALTER TABLE ONLY t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
