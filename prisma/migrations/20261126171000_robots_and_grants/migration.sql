-- Robots are users with a key in place of a password; grants give a level on one resource.

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'user',
ADD COLUMN     "key_hash" BYTEA,
ADD COLUMN     "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "key_seconds" INTEGER,
ADD COLUMN     "key_expires_at" TIMESTAMPTZ(3),
ADD COLUMN     "grants_version" UUID,
ALTER COLUMN "password_hash" DROP NOT NULL;

-- CreateTable
CREATE TABLE "resource_grants" (
    "organization_uuid" UUID NOT NULL,
    "resource_uuid" UUID NOT NULL,
    "resource_kind" TEXT NOT NULL,
    "user_uuid" UUID NOT NULL,
    "level" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "resource_grants_pkey" PRIMARY KEY ("resource_uuid","user_uuid")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_key_hash_key" ON "users"("key_hash");

-- CreateIndex
CREATE UNIQUE INDEX "users_organization_uuid_uuid_key" ON "users"("organization_uuid", "uuid");

-- CreateIndex
CREATE INDEX "resource_grants_user_uuid_idx" ON "resource_grants"("user_uuid");

-- AddForeignKey
ALTER TABLE "resource_grants" ADD CONSTRAINT "resource_grants_organization_uuid_user_uuid_fkey" FOREIGN KEY ("organization_uuid", "user_uuid") REFERENCES "users"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "users"
  ADD CONSTRAINT "users_kind_check" CHECK (
    (kind = 'user' AND password_hash IS NOT NULL AND key_hash IS NULL AND scopes = '{}'
       AND key_seconds IS NULL AND key_expires_at IS NULL)
    OR (kind = 'robot' AND password_hash IS NULL AND length(key_hash) = 32 AND scopes <> '{}'
       AND (key_seconds IS NULL) = (key_expires_at IS NULL))),
  ADD CONSTRAINT "users_scopes_check" CHECK (scopes <@ '{read,execute,migrate,approve,gate}'::text[]);

ALTER TABLE "resource_grants"
  ADD CONSTRAINT "resource_grants_level_check" CHECK (level IN ('None', 'Read', 'Write', 'Admin', 'SuperAdmin')),
  ADD CONSTRAINT "resource_grants_kind_check" CHECK (resource_kind IN ('endpoint', 'template', 'api', 'migration'));

-- Whoever changes a grant cannot forget to say so: what is in the memory of a gateway holds for one version only.
CREATE FUNCTION eden_grant_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE users SET grants_version = gen_random_uuid() WHERE uuid = coalesce(NEW.user_uuid, OLD.user_uuid);
  RETURN NULL;
END $$;
CREATE TRIGGER "grant_changed" AFTER INSERT OR UPDATE OR DELETE ON "resource_grants"
  FOR EACH ROW EXECUTE FUNCTION eden_grant_changed();

-- A grant names its resource without a foreign key, which cannot lead to four tables.
CREATE FUNCTION eden_forget_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM resource_grants WHERE resource_uuid = OLD.uuid;
  RETURN NULL;
END $$;
CREATE TRIGGER "forget_grants" AFTER DELETE ON "endpoints" FOR EACH ROW EXECUTE FUNCTION eden_forget_grants();
CREATE TRIGGER "forget_grants" AFTER DELETE ON "templates" FOR EACH ROW EXECUTE FUNCTION eden_forget_grants();
CREATE TRIGGER "forget_grants" AFTER DELETE ON "apis" FOR EACH ROW EXECUTE FUNCTION eden_forget_grants();
CREATE TRIGGER "forget_grants" AFTER UPDATE OF deleted_at ON "migrations"
  FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION eden_forget_grants();
