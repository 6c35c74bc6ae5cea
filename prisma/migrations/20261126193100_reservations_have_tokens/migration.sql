-- Whoever has reserved a key changes its row only while nobody has taken it over.
ALTER TABLE idempotency_keys ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();
