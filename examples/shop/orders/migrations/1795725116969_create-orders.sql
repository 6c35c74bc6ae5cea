-- Up Migration
CREATE TABLE orders (
  number text PRIMARY KEY,
  customer bigint NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now()
);

-- Down Migration
DROP TABLE orders;
