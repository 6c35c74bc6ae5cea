import type { components, paths } from './generated/api.js';

type Schemas = components['schemas'];

export type Api = Schemas['Api'];
export type Binding = Schemas['Binding'];
export type Endpoint = Schemas['Endpoint'];
export type Migration = Schemas['Migration'];
export type NewTemplate = Schemas['NewTemplate'];
export type AddApi = Schemas['AddApi'];
type MigrationList = paths['/api/v1/migrations']['get']['responses'][200]['content']['application/json'];
/** As lists have it: its run without what that has done. */
export type ListedMigration = MigrationList['data'][number];
export type MigrationOptions = Schemas['MigrationOptions'];
export type Plan = Schemas['Plan'];
export type Source = Schemas['Source'];
export type Run = Schemas['Run'];
/** As lists have it: without what it has done. */
export type RunSummary = Schemas['RunSummary'];
export type RunEvent = Schemas['RunEvent'];
export type StoredError = Schemas['StoredError'];
export type Template = Schemas['Template'];
export type User = Schemas['User'];
export type VerboseMigration = Schemas['VerboseMigration'];

/** The path of every route. */
export type Route = keyof paths;
