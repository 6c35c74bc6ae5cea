-- Tokens of logins before this moment are worth nothing: set when the password changes.
ALTER TABLE users ADD COLUMN tokens_valid_after timestamptz(3);
