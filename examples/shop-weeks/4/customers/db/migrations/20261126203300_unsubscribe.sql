-- migrate:up
ALTER TABLE customers ADD COLUMN unsubscribed_at timestamptz;

-- migrate:down
ALTER TABLE customers DROP COLUMN unsubscribed_at;
