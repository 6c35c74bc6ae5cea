-- The table that the implementation guide migrates, with rows to migrate; only in the target clusters.
\set ON_ERROR_STOP on
\getenv role APPLICATION_ROLE
\getenv database APPLICATION_DATABASE
\connect :"database"
SET ROLE :"role";
CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  phone text,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO customers (name, email, phone)
SELECT 'Customer ' || n, 'customer' || n || '@example.com', '+1555' || lpad(n::text, 7, '0')
FROM generate_series(1, 10000) AS n;
