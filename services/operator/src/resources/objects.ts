/** The three kinds of `eden.dev/v1alpha1`, as the schemas in charts/eden-migrations/crds have them. */

export const GROUP = 'eden.dev';
export const VERSION = 'v1alpha1';

export type Kind = 'EdenConnection' | 'EdenMigration' | 'EdenMigrationApproval';

export const PLURALS: Readonly<Record<Kind, string>> = {
  EdenConnection: 'edenconnections',
  EdenMigration: 'edenmigrations',
  EdenMigrationApproval: 'edenmigrationapprovals',
};

type JsonObject = Readonly<Record<string, unknown>>;

export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  readonly finalizers?: readonly string[];
  readonly deletionTimestamp?: string;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
}

/** What all three say of themselves. */
export interface CommonStatus {
  /** -1 until the operator has looked. */
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

export interface Resource<Spec = object, Status extends CommonStatus = CommonStatus> {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: Metadata;
  readonly spec: Spec;
  readonly status?: Status;
}

export interface KeyRef {
  readonly name: string;
  readonly key: string;
}

/** A certificate authority's certificates, as PEM. */
export interface CaRef extends KeyRef {
  readonly kind: 'ConfigMap' | 'Secret';
}

interface ConnectionSpec {
  /** Of the gateway. */
  readonly url: string;
  /** Where the robot's key is. */
  readonly secretRef: KeyRef;
  /** Who has signed the gateway's certificate; default: one of those that Node.js knows. */
  readonly caRef?: CaRef;
}

interface ConnectionStatus extends CommonStatus {
  readonly organization?: string;
  readonly subject?: string;
  readonly level?: string;
}

export type EdenConnection = Resource<ConnectionSpec, ConnectionStatus>;

interface EndpointSpec {
  readonly id: string;
  readonly kind: 'Postgres' | 'MySQL' | 'Http';
  readonly description?: string;
  readonly config?: JsonObject;
  /** Settings whose values are secret. */
  readonly configFrom?: readonly { readonly field: string; readonly secretKeyRef: KeyRef }[];
}

export interface ConfigMapRef {
  readonly name: string;
  /** Default: every key, under its own name. */
  readonly items?: readonly { readonly key: string; readonly path: string }[];
}

export interface SourceSpec {
  readonly id?: string;
  readonly endpoint: string;
  readonly tool: string;
  readonly stage: number;
  readonly options?: JsonObject;
  readonly configMapRefs: readonly ConfigMapRef[];
}

interface BindingSpec {
  readonly template: string;
  readonly fields?: JsonObject;
}

interface ApiSpec {
  readonly id: string;
  readonly stage: number;
  readonly bindings?: readonly BindingSpec[];
  readonly next?: { readonly fields?: readonly object[]; readonly bindings?: readonly BindingSpec[] };
}

export interface MigrationSpec {
  readonly connectionRef: { readonly name: string };
  /** The line of releases; default: the name of the object. */
  readonly migrationId?: string;
  readonly description?: string;
  readonly endpoints?: readonly EndpointSpec[];
  readonly sources?: readonly SourceSpec[];
  readonly apis?: readonly ApiSpec[];
  readonly parameters?: JsonObject;
  readonly execution?: {
    readonly action?: 'Migrate' | 'Sync';
    readonly atomicity?: 'strict' | 'best';
    readonly lockTimeoutMs?: number;
    readonly maxParallel?: number;
    readonly backoffLimit?: number;
  };
  readonly approval: 'Automatic' | 'Manual';
  readonly suspend: boolean;
  readonly runToken?: string;
  readonly onFailure: 'Stop' | 'Retry';
  readonly deletionPolicy: 'Retain' | 'Delete';
}

/** What the operator knows of its attempt at one request: spec, files and run token. */
export interface Attempt {
  /** Hash of the request. */
  readonly of: string;
  /** The last run of the release when the attempt began: its outcome is none of this one's. */
  readonly after?: string;
  /** Its last sync. */
  readonly syncRun?: string;
  /** The plan that its sync has made. */
  readonly planHash?: string;
  /** How many of its migrates have failed. */
  readonly failures: number;
  /** The last of them. */
  readonly failedRun?: string;
}

export interface RunStatus {
  readonly uuid: string;
  readonly kind: string;
  readonly state: string;
}

export interface MigrationStatus extends CommonStatus {
  /** For display only: the conditions decide. */
  readonly phase?: string;
  readonly migrationId?: string;
  /** The newest release of the line. */
  readonly release?: string;
  /** What an approval names. */
  readonly specHash?: string;
  readonly planHash?: string;
  readonly run?: RunStatus;
  readonly attempt?: Attempt;
  /** Digest of which versions of its Secrets the gateway has been given. */
  readonly secrets?: string;
}

export type EdenMigration = Resource<MigrationSpec, MigrationStatus>;

interface ApprovalSpec {
  readonly connectionRef: { readonly name: string };
  readonly migrationRef: { readonly name: string };
  readonly specHash: string;
  /** Default: any plan of that spec. */
  readonly planHash?: string;
}

export type EdenMigrationApproval = Resource<ApprovalSpec>;

/** `namespace/name` of an object. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}
