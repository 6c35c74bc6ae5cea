-- The bindings of an API in a run are rows, so that a step writes what has changed and not all of them. Runs from before
-- keep theirs in the column, which the version before this one goes on writing until its last process has ended.
ALTER TABLE "run_apis" ALTER COLUMN "bindings" SET DEFAULT '[]';

-- CreateTable
CREATE TABLE "run_bindings" (
    "organization_uuid" UUID NOT NULL,
    "run_uuid" UUID NOT NULL,
    "api_uuid" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "record" JSON NOT NULL,

    CONSTRAINT "run_bindings_pkey" PRIMARY KEY ("run_uuid","api_uuid","position")
);

-- CreateIndex
CREATE UNIQUE INDEX "run_apis_organization_uuid_run_uuid_api_uuid_key" ON "run_apis"("organization_uuid", "run_uuid", "api_uuid");

-- AddForeignKey
ALTER TABLE "run_bindings" ADD CONSTRAINT "run_bindings_organization_uuid_run_uuid_api_uuid_fkey" FOREIGN KEY ("organization_uuid", "run_uuid", "api_uuid") REFERENCES "run_apis"("organization_uuid", "run_uuid", "api_uuid") ON DELETE CASCADE ON UPDATE NO ACTION;
