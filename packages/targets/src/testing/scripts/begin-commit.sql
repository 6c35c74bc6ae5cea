BEGIN;
CREATE TABLE a (i int);
COMMIT;
begin transaction isolation level read committed, read write, not deferrable;
CREATE TABLE b (i int);
END TRANSACTION;
START TRANSACTION;
CREATE TABLE c (i int);
COMMIT AND NO CHAIN;
