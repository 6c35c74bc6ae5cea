/** Names of `migration.*` that the system knows of every run. */
export const SYSTEM_NAMES = ['id', 'uuid', 'run_uuid', 'started_at', 'actor', 'attempt'] as const;
