/** Why a condition is as it is: every reason that the operator gives, as docs/reference/kubernetes.md lists them. */
export const REASONS = {
  // All is as the spec says.
  Connected: 'The gateway knows the robot',
  Completed: 'The newest release is completed, and nothing is pending',
  NothingToDo: 'The plan has no step',
  SyncSucceeded: 'The plan is made, and the spec asks for no more',
  Accepted: 'The approval fits its migration',
  // It goes on by itself.
  Starting: 'A new request: spec, files or run token have changed',
  Preparing: 'Endpoints, APIs and sources are brought to what the spec says',
  Syncing: 'A sync is under way',
  Migrating: 'A migrate is under way',
  RollingBack: 'A rollback is under way, which somebody else has started',
  Retrying: 'The migrate has failed, changed nothing, and is tried again',
  // It goes on as soon as something is there or answers.
  ConnectionNotFound: 'There is no EdenConnection of that name in the namespace',
  SecretNotFound: 'There is no Secret of that name in the namespace',
  ConfigMapNotFound: 'There is no ConfigMap of that name in the namespace',
  KeyNotFound: 'The Secret or the ConfigMap does not have that key',
  MigrationNotFound: 'There is no EdenMigration of that name in the namespace',
  GatewayUnavailable: 'The gateway does not answer, or cannot work at the moment',
  EndpointUnavailable: 'The gateway does not reach an endpoint',
  Busy: 'Somebody else works on the migration, its APIs or its endpoints',
  AwaitsApproval: 'The plan waits for an EdenMigrationApproval of another robot',
  // Somebody has to change something.
  Suspended: 'The spec says suspend',
  NotAllowed: 'The gateway refuses the robot: its key, its level or its scopes',
  Refused: 'The gateway refuses what the spec says',
  ClusterRefuses: 'The Kubernetes API refuses the operator something that the object names, such as a Secret',
  InvalidSpec: 'The spec contradicts itself',
  SyncFailed: 'The sync has found something; it is tried again from time to time',
  MigrateFailed: 'The migrate has failed and changed nothing; a new run token or spec tries again',
  BackoffExhausted: 'The migrate has failed as often as backoffLimit says; a new run token or spec tries again',
  Cancelled: 'Somebody has cancelled the migrate; a new run token or spec tries again',
  RolledBack: 'Somebody has rolled the release back; a new run token or spec tries again',
  InDoubt: 'The run is in doubt: a person has to resolve it',
  MigrationIdChanged: 'migrationId is another one than before: make another EdenMigration for it',
  SpecChanged: 'The approval is of another spec, other files or another plan',
  SameSubject: 'Who approves is who migrates',
  // Of conditions that are not there yet, or not wanted.
  NotRequired: 'The spec asks for no approval',
  NotSynced: 'There is no plan of this request yet',
  NotStarted: 'No migrate of this request has begun',
  Progressing: 'Nothing is in the way',
  Waiting: 'Something has to come first: see Ready',
  Idle: 'Nothing is under way',
} as const;

export type Reason = keyof typeof REASONS;
