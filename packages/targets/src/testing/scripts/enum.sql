CREATE TYPE mood AS ENUM ('sad', 'o;k', 'it''s');
CREATE TABLE person (m mood DEFAULT 'sad' NOT NULL);
INSERT INTO person VALUES ('o;k');
COMMENT ON TYPE mood IS 'a ; b';
