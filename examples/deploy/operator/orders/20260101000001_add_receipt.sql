-- migrate:up
ALTER TABLE orders ADD receipt text;

-- migrate:down
ALTER TABLE orders DROP receipt;
