-- Who has made a user or a robot, or has had its key or its password since: for approvals, they are no other subject.
CREATE TABLE "subject_keepers" (
    "organization_uuid" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "keeper" TEXT NOT NULL,
    "is_robot" BOOLEAN NOT NULL,

    CONSTRAINT "subject_keepers_pkey" PRIMARY KEY ("organization_uuid","subject","keeper")
);

-- AddForeignKey
ALTER TABLE "subject_keepers" ADD CONSTRAINT "subject_keepers_organization_uuid_fkey" FOREIGN KEY ("organization_uuid") REFERENCES "organizations"("uuid") ON DELETE RESTRICT ON UPDATE NO ACTION;


-- What schema.prisma cannot say.

-- By name, as actors are, and for good: what somebody has made who is gone, or under a name that is used again, has its makers still.
CREATE FUNCTION eden_keeps(action text, actor text, subject text, data json) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT actor <> subject AND (
    action IN ('user.create', 'robot.create', 'robot.rotate_key')
    OR (action = 'user.update' AND EXISTS (SELECT FROM json_array_elements_text(data -> 'changed') AS field WHERE field = 'password')))
$$;

-- In the transaction of the change, also where an earlier version makes it.
CREATE FUNCTION eden_note_keeper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO subject_keepers (organization_uuid, subject, keeper, is_robot)
  VALUES (NEW.organization_uuid, NEW.subject, NEW.actor, NEW.action LIKE 'robot.%')
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER "note_keeper" AFTER INSERT ON "audit" FOR EACH ROW
  WHEN (NEW.result = 'success' AND eden_keeps(NEW.action, NEW.actor, NEW.subject, NEW.data)) EXECUTE FUNCTION eden_note_keeper();

INSERT INTO subject_keepers (organization_uuid, subject, keeper, is_robot)
SELECT DISTINCT ON (organization_uuid, subject, actor) organization_uuid, subject, actor, action LIKE 'robot.%'
  FROM audit
 WHERE result = 'success' AND eden_keeps(action, actor, subject, data)
 ORDER BY organization_uuid, subject, actor, created_at DESC;
