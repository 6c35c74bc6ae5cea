-- How many migrations there are in each state, and which have moved since: both are asked while somebody looks at the list.
CREATE INDEX "migrations_organization_uuid_state_deleted_at_idx" ON "migrations" ("organization_uuid", "state", "deleted_at");
CREATE INDEX "migrations_organization_uuid_updated_at_idx" ON "migrations" ("organization_uuid", "updated_at");
