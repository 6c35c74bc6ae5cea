CREATE TABLE t (b int[][] DEFAULT '{{1,2},{3,4}}', c text DEFAULT '{{mustache}} {{#if x}}');
CREATE FUNCTION render() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN '{{name}}'; END $$;
