-- Those of the old shop.
INSERT INTO "invoices" ("order_number", "cents") VALUES ('A-1', 4200), ('A-2', 1990);
