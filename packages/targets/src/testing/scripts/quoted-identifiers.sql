CREATE TABLE "Semi;colon" ("a;b" int, "it's" int, "$$" int, "--" int, "/*" int);
CREATE INDEX "i;1" ON "Semi;colon" ("$$", "--");
