import type { Issue, JsonObject, MigrationOptions, NewEndpoint, Ref } from '@eden/domain';
import { validationError } from '@eden/domain';
import type { AddApi } from '../migrations/add-api-to-migration.js';
import type { FolderInput } from '../sources/folder.js';
import type { CreateTemplate } from '../templates/create-template.js';

/** A migration that nobody has made. What it brings along is not stored either, and stands before what is stored by the same id. */
export interface PlanRequest {
  readonly endpoints: readonly Omit<NewEndpoint, 'description'>[];
  readonly templates: readonly CreateTemplate[];
  /** They need not be there: an API of the migration may be new. */
  readonly apis: readonly AddApi[];
  readonly folders: readonly FolderToPlan[];
  readonly parameters: JsonObject;
  readonly options: MigrationOptions;
  /** Ends it: nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** A folder to be planned without being stored. */
export interface FolderToPlan extends FolderInput {
  /** Of the source. */
  readonly id: string;
  readonly endpoint: Ref;
  readonly stage: number;
}

/** @throws EdenError VALIDATION_FAILED for what comes twice */
export function refuseRepeated({ endpoints, templates, apis, folders }: PlanRequest): void {
  const issues = [
    ...repeated('endpoints', endpoints),
    ...repeated('templates', templates),
    ...repeated(
      'apis',
      apis.map(({ api }) => ({ id: api })),
    ),
    ...repeated('sources', folders),
  ];
  if (issues.length > 0) throw validationError(issues);
}

function repeated(list: string, all: readonly { readonly id: string }[]): readonly Issue[] {
  const seen = new Set<string>();
  return all.flatMap(({ id }, index) => {
    if (!seen.has(id)) return seen.add(id) && [];
    return [{ path: `${list}[${index}].id`, message: `"${id}" comes twice` }];
  });
}
