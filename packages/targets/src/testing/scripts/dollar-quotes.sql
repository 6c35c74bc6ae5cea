CREATE FUNCTION a() RETURNS text LANGUAGE sql AS $$ SELECT 'x;y' $$;
CREATE FUNCTION b() RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
  -- a ; within, and $$ another $$ quote
  EXECUTE $q$ SELECT ';' $q$;
  RETURN $$;$$;
END $body$;
CREATE FUNCTION c$d() RETURNS int LANGUAGE sql AS $_1$SELECT 1;$_1$;
