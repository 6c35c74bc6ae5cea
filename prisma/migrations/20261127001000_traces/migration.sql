-- Which trace a run belongs to (ADR 0046).
ALTER TABLE "runs" ADD COLUMN     "traceparent" TEXT;

-- The metrics count what was given up without reading what was delivered.
CREATE INDEX "webhook_deliveries_dead_idx" ON "webhook_deliveries" (finished_at) WHERE state = 'dead';
