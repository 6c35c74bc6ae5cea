CREATE TABLE doc (owner text, body text);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON doc AS PERMISSIVE FOR ALL TO PUBLIC USING (owner = current_user) WITH CHECK (owner = current_user AND body <> ';');
ALTER TABLE doc FORCE ROW LEVEL SECURITY;
