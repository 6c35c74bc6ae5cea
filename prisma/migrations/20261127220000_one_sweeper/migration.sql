-- Whoever sweeps an endpoint takes it for a while, so that the cost of sweeping grows with the databases and not with the workers.
ALTER TABLE "target_databases" ADD COLUMN "next_sweep_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp();
