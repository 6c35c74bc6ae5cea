-- The runs of an organization: newest first, and those that have not ended or not long ago.
CREATE INDEX "runs_organization_uuid_created_at_uuid_idx" ON "runs" ("organization_uuid", "created_at", "uuid");
CREATE INDEX "runs_organization_uuid_finished_at_idx" ON "runs" ("organization_uuid", "finished_at");
