import type { components, paths } from './generated/api.js';

type Schemas = components['schemas'];

export type AuditEntry = Schemas['AuditEntry'];
export type AuditVerification = Schemas['AuditVerification'];
export type Api = Schemas['Api'];
export type Binding = Schemas['Binding'];
export type Drift = Schemas['Drift'];
export type Endpoint = Schemas['Endpoint'];
export type Gate = Schemas['Gate'];
export type Hook = Schemas['Hook'];
export type Migration = Schemas['Migration'];
export type NewTemplate = Schemas['NewTemplate'];
export type AddApi = Schemas['AddApi'];
type MigrationList = paths['/api/v1/migrations']['get']['responses'][200]['content']['application/json'];
/** As lists have it: its run without what that has done. */
export type ListedMigration = MigrationList['data'][number];
export type MigrationOptions = Schemas['MigrationOptions'];
export type Plan = Schemas['Plan'];
export type Source = Schemas['Source'];
export type Revocation = Schemas['Revocation'];
export type Robot = Schemas['Robot'];
export type Run = Schemas['Run'];
/** Without what it has done. */
export type RunSummary = Omit<Schemas['ListedRun'], 'progress'>;
export type RunEvent = Schemas['RunEvent'];
/** As lists of runs have it: a summary with its progress. */
export type ListedRun = Schemas['ListedRun'];
export type OrganizationEvent = Schemas['OrganizationEvent'];
export type Lock = Schemas['Lock'];
export type StoredError = Schemas['StoredError'];
export type Template = Schemas['Template'];
export type User = Schemas['User'];
export type Webhook = Schemas['Webhook'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
export type VerboseMigration = Schemas['VerboseMigration'];

/** The path of every route. */
export type Route = keyof paths;
