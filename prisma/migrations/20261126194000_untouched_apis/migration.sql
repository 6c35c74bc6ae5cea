-- Of an API that is there already nobody knows whether it was executed.
ALTER TABLE "apis" ADD COLUMN "untouched_on" TEXT;
ALTER TABLE "apis" ALTER COLUMN "untouched_on" SET DEFAULT eden_timeline();
