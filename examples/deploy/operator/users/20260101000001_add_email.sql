-- migrate:up
ALTER TABLE users ADD email text;

-- migrate:down
ALTER TABLE users DROP email;
