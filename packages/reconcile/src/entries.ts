/** What a caller wants of the service, as it stands in a file or in an object of a cluster, its references resolved. */

type JsonObject = Readonly<Record<string, unknown>>;

/** An endpoint as it is sent. */
export interface EndpointEntry {
  readonly id: string;
  readonly kind: 'Postgres' | 'MySQL' | 'Http';
  readonly description?: string;
  readonly config: JsonObject;
}

interface BindingEntry {
  readonly template: string;
  readonly fields?: JsonObject | undefined;
}

/** An API, and what a migration runs for it. */
export interface ApiEntry {
  readonly id: string;
  readonly stage: number;
  readonly bindings: readonly BindingEntry[];
  /** What it becomes when the migration commits. */
  readonly next?:
    | { readonly fields?: readonly object[] | undefined; readonly bindings?: readonly BindingEntry[] | undefined }
    | undefined;
}

/** A template; the service checks what stands in it. */
export interface TemplateEntry {
  readonly id: string;
  readonly template: { readonly endpoint?: string | undefined; readonly [setting: string]: unknown };
  readonly [setting: string]: unknown;
}

/** One file of a folder; its bytes go to the service as they are. */
export interface SourceFile {
  /** Relative to the folder, parts joined by `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A folder of migrations of another tool, with its files as they are now. */
export interface SourceEntry {
  readonly id: string;
  readonly endpoint: string;
  readonly tool: string;
  readonly stage: number;
  readonly options: JsonObject;
  /** Where it is, for people. */
  readonly path: string;
  readonly files: readonly SourceFile[];
}
