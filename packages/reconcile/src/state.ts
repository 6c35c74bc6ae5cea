import type { Api, Endpoint, Template, VerboseMigration } from '@eden/client';
import type { ApiEntry, EndpointEntry, SourceEntry, TemplateEntry } from './entries.js';
import type { Labels } from './line.js';

/** What is wanted: what a file or an object of a cluster says, its references resolved. */
export interface Desired {
  /** The line of releases. */
  readonly line: string;
  /** `--id`: the name of the release, in place of the next of the line; further parts of it are called so too, with -2, -3 … behind it. */
  readonly id: string | undefined;
  readonly description: string | undefined;
  readonly labels?: Labels | undefined;
  readonly notes?: string | undefined;
  readonly endpoints: readonly EndpointEntry[];
  readonly templates: readonly TemplateEntry[];
  readonly apis: readonly ApiEntry[];
  readonly sources: readonly SourceEntry[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What the service has of that. */
export interface Actual {
  /** By id; those that the file names, or its templates do. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** By id; those that the file has, or its APIs bind. */
  readonly templates: ReadonlyMap<string, Template>;
  readonly apis: ReadonlyMap<string, Api>;
  /** Whatever is called as releases of the line are, or as `--id` says; not all of it is of the line. */
  readonly releases: readonly VerboseMigration[];
  /** Migrations outside the line that the file's APIs took part in last. */
  readonly others: readonly VerboseMigration[];
}
