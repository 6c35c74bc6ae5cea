import type { Account } from './account.js';
import type { ManagedProcess, ProcessOptions } from './managed-process.js';

/** What a sandbox provides to its servers. */
export interface Premises {
  /** For data; `account` may write here. */
  readonly folder: string;
  /** Whom PostgreSQL runs as; undefined: as this process. */
  readonly account: Account | undefined;
  /** Starts a process that ends with the sandbox. */
  readonly launch: (options: ProcessOptions) => Promise<ManagedProcess>;
}
