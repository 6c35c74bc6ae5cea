import type {
  FolderFile,
  Migration,
  OrganizationReader,
  Source,
  SourceFileStatus,
  SourcePort,
  TargetPort,
  TemplatePort,
} from '@eden/domain';
import type { MigrationWork } from '../load-work.js';
import type { LookLimits } from '../sources/look-at-history.js';
import type { CommittedFiles } from '../sources/plan-source.js';

/** Whoever looks at the targets of a migration. */
export interface TargetVisitor {
  readonly targets: TargetPort;
  readonly settings: {
    /** Databases and APIs looked at at once. */
    readonly maxParallel: number;
  };
}

/** What plans are made with. */
export interface Planner extends TargetVisitor {
  readonly templates: TemplatePort;
  readonly sources: SourcePort;
  readonly folders: SourceFolders;
  /** Who else may use what the plan drops or renames. */
  readonly users: Pick<OrganizationReader, 'apiTemplates' | 'templatesByUuid'>;
  /** Of a look at the history of a source. */
  readonly limits: LookLimits;
  /** Once it is aborted, nothing further is looked at. */
  readonly signal: AbortSignal;
}

/** Where the folders of sources are, and what is kept of a look at them. */
export interface SourceFolders {
  readonly files: (source: Source) => Promise<readonly FolderFile[]>;
  /** Told of every look, also of one that is refused. */
  readonly seen: (source: Source, statuses: readonly SourceFileStatus[]) => Promise<void>;
  /** What a rollback takes back. */
  readonly committed: () => Promise<CommittedFiles>;
}

/** What a plan is made of: the migration need not be one that is stored. */
export interface WorkToPlan extends Pick<MigrationWork, 'apis'> {
  readonly migration: Pick<Migration, 'parameters' | 'options'>;
}
