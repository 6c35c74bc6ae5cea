-- migrate:up
CREATE TABLE addresses (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers (id),
  street text NOT NULL,
  town text NOT NULL
);
CREATE INDEX addresses_of_customer ON addresses (customer_id);

-- migrate:down
DROP TABLE addresses;
