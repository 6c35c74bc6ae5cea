import type { components, paths } from './generated/api.js';

type Schemas = components['schemas'];

export type Api = Schemas['Api'];
export type Binding = Schemas['Binding'];
export type Endpoint = Schemas['Endpoint'];
export type Migration = Schemas['Migration'];
export type NewTemplate = Schemas['NewTemplate'];
export type AddApi = Schemas['AddApi'];
export type MigrationOptions = Schemas['MigrationOptions'];
export type Plan = Schemas['Plan'];
export type Source = Schemas['Source'];
export type Run = Schemas['Run'];
export type RunEvent = Schemas['RunEvent'];
export type StoredError = Schemas['StoredError'];
export type Template = Schemas['Template'];
export type User = Schemas['User'];
export type VerboseMigration = Schemas['VerboseMigration'];

/** The path of every route. */
export type Route = keyof paths;
