-- AlterTable
ALTER TABLE "templates" ADD COLUMN     "content_uuid" UUID,
ADD COLUMN     "piece_count" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "template_pieces" (
    "organization_uuid" UUID NOT NULL,
    "template_uuid" UUID NOT NULL,
    "content_uuid" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "place" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "template_pieces_pkey" PRIMARY KEY ("content_uuid","number")
);

-- CreateTable
CREATE TABLE "source_file_pieces" (
    "organization_uuid" UUID NOT NULL,
    "source_uuid" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "source_file_pieces_pkey" PRIMARY KEY ("source_uuid","path","number")
);

-- CreateIndex
CREATE INDEX "template_pieces_organization_uuid_template_uuid_idx" ON "template_pieces"("organization_uuid", "template_uuid");

-- AddForeignKey
ALTER TABLE "template_pieces" ADD CONSTRAINT "template_pieces_organization_uuid_template_uuid_fkey" FOREIGN KEY ("organization_uuid", "template_uuid") REFERENCES "templates"("organization_uuid", "uuid") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "source_file_pieces" ADD CONSTRAINT "source_file_pieces_source_uuid_path_fkey" FOREIGN KEY ("source_uuid", "path") REFERENCES "source_files"("source_uuid", "path") ON DELETE CASCADE ON UPDATE NO ACTION;

-- To compress a long text takes the server longer than to store it.
ALTER TABLE "template_pieces" ALTER COLUMN "text" SET STORAGE EXTERNAL;
ALTER TABLE "source_file_pieces" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
