-- What a plan must know of a target; behind schema.sql.
-- Takes nothing.
-- Gives one row: role, server_version, max_prepared_transactions, schema_fingerprint (sha256, hex, of all lines).
SELECT current_user                                              AS role,
       current_setting('server_version')                         AS server_version,
       current_setting('max_prepared_transactions')::int         AS max_prepared_transactions,
       (SELECT encode(sha256(convert_to(coalesce(string_agg(text, E'\n' ORDER BY text COLLATE "C"), ''), 'UTF8')), 'hex')
          FROM line)                                             AS schema_fingerprint;
