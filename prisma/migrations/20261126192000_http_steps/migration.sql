-- What is known of a step whose target keeps no record of it: whether it may be there, and what it has answered.
ALTER TABLE "outside_steps"
  ADD COLUMN "may_be_done" BOOLEAN NOT NULL DEFAULT true,
  ADD COLUMN "outputs" JSON NOT NULL DEFAULT '{}';
