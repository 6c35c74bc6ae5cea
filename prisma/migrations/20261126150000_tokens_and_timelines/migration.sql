-- The timeline of this database: another one from each moment on at which a standby took over, or a backup was rolled forward.
-- Empty on a standby, which cannot tell and writes nothing either.
CREATE FUNCTION eden_timeline() RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END
$$;

-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "audited_at" TIMESTAMPTZ(3),
ADD COLUMN     "timeline" TEXT NOT NULL DEFAULT eden_timeline(),
ADD COLUMN     "token" TEXT NOT NULL DEFAULT '';

-- The audit looks through finished runs, those first at which it looked longest ago.
CREATE INDEX "runs_audit_idx" ON "runs" (audited_at NULLS FIRST, uuid)
  WHERE finished_at IS NOT NULL AND kind <> 'sync';
