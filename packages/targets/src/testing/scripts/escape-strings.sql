CREATE TABLE t (a text DEFAULT E'it\'s; \\ \x41 \u00e4', b text DEFAULT 'back\', c text DEFAULT e'\';');
INSERT INTO t VALUES (E'\'', 'a''b;c', 'x'
  'y' -- a comment; here
  'z');
