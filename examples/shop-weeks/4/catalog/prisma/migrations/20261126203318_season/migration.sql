-- CreateEnum
CREATE TYPE "Season" AS ENUM ('SPRING', 'SUMMER', 'AUTUMN', 'WINTER');

-- AlterTable
ALTER TABLE "Product" ADD COLUMN     "season" "Season";
