-- Up Migration
CREATE TABLE order_lines (
  order_number text NOT NULL REFERENCES orders (number),
  line int NOT NULL,
  sku text NOT NULL,
  pieces int NOT NULL CHECK (pieces > 0),
  PRIMARY KEY (order_number, line)
);

CREATE FUNCTION renumber_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT coalesce(max(line), 0) + 1 INTO NEW.line FROM order_lines WHERE order_number = NEW.order_number;
  RETURN NEW;
END
$$;

CREATE TRIGGER order_lines_number BEFORE INSERT ON order_lines
  FOR EACH ROW WHEN (NEW.line IS NULL) EXECUTE FUNCTION renumber_lines();

-- Down Migration
DROP TABLE order_lines;
DROP FUNCTION renumber_lines();
