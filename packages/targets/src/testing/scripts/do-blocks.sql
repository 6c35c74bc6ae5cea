DO $$
DECLARE i int;
BEGIN
  FOR i IN 1..3 LOOP
    EXECUTE format('CREATE TABLE t_%s (a int DEFAULT %L)', i, i);
  END LOOP;
EXCEPTION WHEN duplicate_table THEN NULL;
END $$;
DO LANGUAGE plpgsql 'BEGIN PERFORM 1; END';
