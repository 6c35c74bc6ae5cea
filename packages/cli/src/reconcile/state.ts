import type { Api, Endpoint, Template, VerboseMigration } from '@eden/client';
import type { ResolvedEndpoint } from '../file/resolve-values.js';
import type { ApiEntry, EdenFile, TemplateEntry } from '../file/schema.js';
import type { DesiredSource } from '../sources/desired-source.js';

/** What the file says, its references resolved. */
export interface Desired {
  /** The line of releases. */
  readonly line: string;
  /** `--id`: the name of the release, in place of the next of the line. */
  readonly id: string | undefined;
  readonly description: string | undefined;
  readonly endpoints: readonly ResolvedEndpoint[];
  readonly templates: readonly TemplateEntry[];
  readonly apis: readonly ApiEntry[];
  readonly sources: readonly DesiredSource[];
  readonly parameters: EdenFile['parameters'];
  readonly options: EdenFile['options'];
}

/** What the service has of that. */
export interface Actual {
  /** By id; those that the file names, or its templates do. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** By id; those that the file has, or its APIs bind. */
  readonly templates: ReadonlyMap<string, Template>;
  readonly apis: ReadonlyMap<string, Api>;
  /** Of the line, the newest first, and the release that `--id` names. */
  readonly releases: readonly VerboseMigration[];
  /** Migrations outside the line that the file's APIs took part in last. */
  readonly others: readonly VerboseMigration[];
}
