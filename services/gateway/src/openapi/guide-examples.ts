/*
 * The guide's requests and answers, as examples of the OpenAPI document. A test compares them with the guide's text;
 * what an answer has beyond the guide is added, so that each example is valid for its schema.
 */

/** Examples by name, each with the guide's heading or sentence for one. */
type Examples = Readonly<Record<string, unknown>>;

export interface OperationExamples {
  readonly body?: Examples;
  /** Of the answer in case of success. */
  readonly result?: Examples;
  /** Of errors, by HTTP status. */
  readonly errors?: Readonly<Record<number, Examples>>;
}

const MIGRATION_UUID = '550e8400-e29b-41d4-a716-446655440000';
const API_UUIDS = ['550e8400-e29b-41d4-a716-446655440001', '550e8400-e29b-41d4-a716-446655440002'];
const TEMPLATE_UUID = '550e8400-e29b-41d4-a716-446655440003';
const REQUEST_ID = '550e8400-e29b-41d4-a716-446655440004';
const TIMES = { created_at: '2024-01-15T10:30:00Z', updated_at: '2024-01-15T10:30:00Z' };

const DESCRIPTION = 'Migrate customer table to new schema with additional fields';

const MIGRATION = {
  id: 'customer_schema_v2',
  uuid: MIGRATION_UUID,
  description: DESCRIPTION,
  state: 'Pending',
};

const MIGRATION_ADDITIONS = {
  ...{
    atomicity: null,
    approval: null,
    parameters: {},
    options: {},
    labels: {},
    notes: null,
    run: null,
    created_by: 'ann',
  },
  ...{ actions: ['update', 'add_api', 'put_source', 'sync', 'rehearse', 'drift', 'delete', 'grant'], ...TIMES },
};

const SUCCESS = { status: 'success', message: 'success' };

const BACKUP = {
  template: 'backup_customer_data',
  fields: { source_table: 'customers', backup_table: 'customers_backup_v1' },
};

const API = {
  id: 'customer_data_migration_api',
  uuid: API_UUIDS[0],
  description: null,
  fields: [],
  bindings: [],
  migration: {
    uuid: MIGRATION_UUID,
    state: false,
    stage: 0,
    bindings: [{ ...BACKUP, template: TEMPLATE_UUID }],
    next: null,
  },
  actions: ['execute', 'execute_writes', 'update', 'delete', 'grant'],
  ...TIMES,
};

const ADDED_APIS: Examples = {
  'Add API to Migration': {
    id: 'customer_data_migration_api',
    bindings: [
      BACKUP,
      { template: 'transform_customer_schema', fields: { source_table: 'customers', target_table: 'customers_v2' } },
    ],
  },
  'References to migration.*': {
    id: 'existing_api_id',
    bindings: [
      { ...BACKUP, fields: { ...BACKUP.fields, timestamp: 'migration.started_at' } },
      {
        template: 'transform_customer_schema',
        fields: { source_table: 'customers', target_table: 'customers_v2', batch_size: 'migration.batch_size' },
      },
      {
        template: 'verify_data_integrity',
        fields: { source_count: 'migration.source_record_count', target_count: 'migration.target_record_count' },
      },
    ],
  },
  'Stage 1: Backup': {
    id: 'backup_stage_api',
    bindings: [
      { template: 'create_backup_table', fields: { source: 'customers', backup: 'customers_backup_20240115' } },
      { template: 'copy_data_to_backup', fields: { source: 'customers', destination: 'customers_backup_20240115' } },
    ],
  },
  'Stage 2: Schema Changes': {
    id: 'schema_change_api',
    bindings: [
      {
        template: 'add_new_columns',
        fields: { table: 'customers', columns: 'email_verified, phone_verified, created_by' },
      },
      { template: 'create_indexes', fields: { table: 'customers', indexes: 'idx_email_verified, idx_phone_verified' } },
    ],
  },
  'Stage 3: Data Migration': {
    id: 'data_migration_api',
    bindings: [
      {
        template: 'migrate_customer_data',
        fields: { batch_size: '1000', source_table: 'customers', transformation_rules: 'migration.rules' },
      },
      {
        template: 'validate_migrated_data',
        fields: { table: 'customers', validation_queries: 'migration.validation_sql' },
      },
    ],
  },
  'Rollback Migration': {
    id: 'rollback_api',
    bindings: [
      {
        template: 'restore_from_backup',
        fields: { backup_table: 'customers_backup_v1', target_table: 'customers' },
      },
      { template: 'drop_new_columns', fields: { table: 'customers', columns: 'new_field1, new_field2' } },
    ],
  },
};

const API_HAS_MIGRATION = {
  error: 'Api Schema already has an active migration',
  details: 'Each API can only participate in one migration at a time',
  code: 'API_HAS_MIGRATION',
  request_id: REQUEST_ID,
};

const TEMPLATE_NOT_FOUND = {
  error: 'Template not found',
  template_id: 'nonexistent_template',
  suggestion: 'Verify template exists in your organization',
  code: 'TEMPLATE_NOT_FOUND',
  request_id: REQUEST_ID,
};

const LOCK_TIMEOUT = {
  error: 'Migration lock acquisition timeout',
  migration_id: 'customer_schema_v2',
  suggestion: 'Another migration may be in progress',
  code: 'LOCK_TIMEOUT',
  request_id: REQUEST_ID,
};

const EXECUTION_FAILED = {
  error: 'Migration execution failed',
  failed_apis: API_UUIDS,
  details: 'One or more APIs failed during parallel execution',
  code: 'MIGRATION_EXECUTION_FAILED',
  request_id: REQUEST_ID,
};

const OF_RUNS: OperationExamples['errors'] = {
  423: { 'Migration Lock Timeout': LOCK_TIMEOUT },
  500: { 'Parallel Execution Failure': EXECUTION_FAILED },
};

/** By method and path. */
export const GUIDE_EXAMPLES: Readonly<Record<string, OperationExamples>> = {
  'post /migrations': {
    body: {
      'Create Migration': { id: 'customer_schema_v2', description: DESCRIPTION },
      'Multi-Stage Migration': {
        id: 'multi_stage_customer_migration',
        description: 'Complex customer migration with backup and validation',
      },
      'Rollback Migration': {
        id: 'rollback_customer_schema_v2',
        description: 'Rollback customer schema migration if needed',
      },
    },
    result: { Created: SUCCESS },
  },
  'post /migrations/{migration}/add_api': {
    body: ADDED_APIS,
    result: { Added: { status: 'success', message: 'added Api to migration' } },
    errors: {
      404: { 'Template Not Found': TEMPLATE_NOT_FOUND },
      409: { 'API Already Has Migration': API_HAS_MIGRATION },
    },
  },
  'get /migrations/{migration}': {
    result: {
      'Basic Migration Details': {
        status: 'success',
        data: { ...MIGRATION, api_uuids: API_UUIDS, ...MIGRATION_ADDITIONS },
      },
      'Verbose Migration Details (with API schemas)': {
        status: 'success',
        data: { ...MIGRATION, apis: [API], ...MIGRATION_ADDITIONS },
      },
    },
  },
  'post /migrations/{migration}/sync': {
    result: { Synced: { status: 'success', message: 'migration sync started' } },
    errors: OF_RUNS,
  },
  'post /migrations/{migration}/migrate': {
    result: { Committed: { status: 'success', message: 'migration commit completed' } },
    errors: OF_RUNS,
  },
  'delete /migrations/{migration}': { result: { Deleted: SUCCESS } },
};
