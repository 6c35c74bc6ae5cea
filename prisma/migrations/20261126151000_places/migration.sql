-- An installation is known by the places where its control database is reached, no longer by the numbers of the server
-- and the database, which a base backup shares with its original. The first deploy behind this migration takes the
-- first place.
ALTER TABLE "installations" DROP CONSTRAINT "installations_pkey";
DROP INDEX "installations_id_key";
ALTER TABLE "installations" ADD CONSTRAINT "installations_pkey" PRIMARY KEY ("id");

-- The version before this one goes on reading the numbers, and writes them where they are missing, until its last
-- process has ended.
ALTER TABLE "installations" ALTER COLUMN "system_identifier" DROP NOT NULL;
ALTER TABLE "installations" ALTER COLUMN "database_oid" DROP NOT NULL;
CREATE UNIQUE INDEX "installations_system_identifier_database_oid_key" ON "installations"("system_identifier", "database_oid");

-- CreateTable
CREATE TABLE "places" (
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "database" TEXT NOT NULL,
    "installation_id" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "places_pkey" PRIMARY KEY ("host","port","database")
);

-- AddForeignKey
ALTER TABLE "places" ADD CONSTRAINT "places_installation_id_fkey" FOREIGN KEY ("installation_id") REFERENCES "installations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
