-- A subject of the identity provider has a row as soon as it has a grant, and only for that: nobody logs in as it.
ALTER TABLE "users"
  DROP CONSTRAINT "users_kind_check",
  ADD CONSTRAINT "users_kind_check" CHECK (
    (kind = 'user' AND password_hash IS NOT NULL AND key_hash IS NULL AND scopes = '{}'
       AND key_seconds IS NULL AND key_expires_at IS NULL)
    OR (kind = 'robot' AND password_hash IS NULL AND length(key_hash) = 32 AND scopes <> '{}'
       AND (key_seconds IS NULL) = (key_expires_at IS NULL))
    OR (kind = 'provided' AND password_hash IS NULL AND key_hash IS NULL AND scopes = '{}'
       AND key_seconds IS NULL AND key_expires_at IS NULL AND access_level = 'Read')),
  ADD CONSTRAINT "users_provided_check" CHECK ((kind = 'provided') = starts_with(username, 'provider:'));

-- Runs outlive their migration: whom a grant kept from it stays kept from them. Grants that give more give nothing any more.
CREATE FUNCTION eden_forget_grants_of_migration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM resource_grants WHERE resource_uuid = OLD.uuid AND level <> 'None';
  RETURN NULL;
END $$;
DROP TRIGGER "forget_grants" ON "migrations";
CREATE TRIGGER "forget_grants" AFTER UPDATE OF deleted_at ON "migrations"
  FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL)
  EXECUTE FUNCTION eden_forget_grants_of_migration();
