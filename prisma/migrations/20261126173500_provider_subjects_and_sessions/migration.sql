-- CreateTable
CREATE TABLE "revoked_subjects" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "reason" TEXT,
    "revoked_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "revoked_subjects_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "sessions" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "user_uuid" UUID,
    "subject" TEXT,
    "level" TEXT,
    "secret_hash" BYTEA NOT NULL,
    "logged_in_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("uuid")
);

-- CreateIndex
CREATE INDEX "revoked_subjects_organization_uuid_created_at_uuid_idx" ON "revoked_subjects"("organization_uuid", "created_at", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "revoked_subjects_organization_uuid_subject_key" ON "revoked_subjects"("organization_uuid", "subject");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_secret_hash_key" ON "sessions"("secret_hash");

-- AddForeignKey
ALTER TABLE "revoked_subjects" ADD CONSTRAINT "revoked_subjects_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- Of a user, or of somebody whom the identity provider knows, with the level that it said.
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_owner_check"
  CHECK ((user_uuid IS NULL) = (subject IS NOT NULL) AND (user_uuid IS NULL) = (level IS NOT NULL));
