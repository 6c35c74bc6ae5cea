-- Migration folders of other tools as parts of migrations. Each has an API, which is managed: it comes and goes with it.
ALTER TABLE "apis" ADD COLUMN "managed" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "migration_sources" (
    "uuid" UUID NOT NULL,
    "organization_uuid" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "migration_uuid" UUID NOT NULL,
    "endpoint_uuid" UUID NOT NULL,
    "api_uuid" UUID NOT NULL,
    "tool" TEXT NOT NULL,
    "stage" INTEGER NOT NULL,
    "options" JSON NOT NULL,
    "digest" TEXT NOT NULL,
    "statuses" JSON,
    "checked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "migration_sources_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "source_files" (
    "organization_uuid" UUID NOT NULL,
    "source_uuid" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "sha256" TEXT NOT NULL,
    "size" INTEGER NOT NULL,

    CONSTRAINT "source_files_pkey" PRIMARY KEY ("source_uuid","path")
);

-- CreateIndex
CREATE UNIQUE INDEX "migration_sources_organization_uuid_uuid_key" ON "migration_sources"("organization_uuid", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "migration_sources_migration_uuid_id_key" ON "migration_sources"("migration_uuid", "id");

-- CreateIndex
CREATE INDEX "migration_sources_organization_uuid_endpoint_uuid_idx" ON "migration_sources"("organization_uuid", "endpoint_uuid");

-- CreateIndex
CREATE INDEX "migration_sources_organization_uuid_api_uuid_idx" ON "migration_sources"("organization_uuid", "api_uuid");

-- AddForeignKey
ALTER TABLE "migration_sources" ADD CONSTRAINT "migration_sources_organization_uuid_migration_uuid_fkey" FOREIGN KEY ("organization_uuid", "migration_uuid") REFERENCES "migrations"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "migration_sources" ADD CONSTRAINT "migration_sources_organization_uuid_endpoint_uuid_fkey" FOREIGN KEY ("organization_uuid", "endpoint_uuid") REFERENCES "endpoints"("organization_uuid", "uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "migration_sources" ADD CONSTRAINT "migration_sources_organization_uuid_api_uuid_fkey" FOREIGN KEY ("organization_uuid", "api_uuid") REFERENCES "apis"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "source_files" ADD CONSTRAINT "source_files_organization_uuid_source_uuid_fkey" FOREIGN KEY ("organization_uuid", "source_uuid") REFERENCES "migration_sources"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;
