-- What people say of a migration: a commit, a ticket.
ALTER TABLE "migrations" ADD COLUMN     "labels" JSON NOT NULL DEFAULT '{}',
ADD COLUMN     "notes" TEXT;
