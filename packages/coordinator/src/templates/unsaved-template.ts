import type {
  Clock,
  CompiledTemplate,
  EndpointKind,
  JsonObject,
  JsonValue,
  Ref,
  Statement,
  Subject,
  TemplateDefinition,
} from '@eden/domain';
import { EdenError, requireLevelOn, validationError } from '@eden/domain';
import { attributeError, nestValues } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import { checkSettings } from './check-settings.js';

/** A template that nobody has made, and values for it. */
export interface UnsavedTemplate extends Omit<TemplateDefinition, 'endpointKind'> {
  /** For its author: errors name it. */
  readonly id?: string;
  /** Where it would run; its kind alone is needed. */
  readonly endpoint?: Ref;
  readonly endpointKind?: EndpointKind;
  readonly values: JsonObject;
}

interface Unsaved extends Pick<UnsavedTemplate, 'id'> {
  readonly definition: TemplateDefinition;
  readonly compiled: CompiledTemplate;
}

/** @throws EdenError VALIDATION_FAILED (line and column), ENDPOINT_NOT_FOUND, INSUFFICIENT_PERMISSIONS */
export async function compileUnsaved(
  deps: CoordinatorDeps,
  subject: Subject,
  { id, ...template }: UnsavedTemplate,
): Promise<Unsaved> {
  const definition = { ...template, endpointKind: await kindOf(deps, subject, template) };
  const issues = checkSettings(definition);
  if (issues.length > 0) throw validationError(issues);
  const unsaved = { definition, compiled: deps.templates.compile(definition) };
  return id === undefined ? unsaved : { id, ...unsaved };
}

async function kindOf(
  deps: CoordinatorDeps,
  subject: Subject,
  { endpoint: ref, endpointKind }: UnsavedTemplate,
): Promise<EndpointKind> {
  if (ref === undefined) return endpointKind ?? 'Postgres';
  const { uuid, id, kind } = await deps.store.organization(subject.organizationUuid).endpoint(ref);
  requireLevelOn(subject, uuid, 'Read');
  if (endpointKind === undefined || endpointKind === kind) return kind;
  throw validationError([{ path: 'template.endpoint_kind', message: `Endpoint ${id} is of kind ${kind}` }]);
}

/** What a value may be that nobody gives: most places take a numeric text. */
const SAMPLES: readonly JsonValue[] = ['1', 1, 'x', true];

/** Whoever may read may ask, and nobody else is served while a text is rendered or parsed: in UTF-16 units, all statements together. */
const LONGEST_TEXT = 256 * 1024;
/** And so long a gateway renders loops that write nothing. */
const LONGEST_MS = 1_000;

/**
 * The statements of the template; where values are missing, with samples in their places.
 * @throws EdenError TEMPLATE_NOT_RENDERED (context: details) where no sample fits
 */
export function renderSample(clock: Clock, unsaved: Unsaved, values: JsonObject): readonly Statement[] {
  const missing = unsaved.compiled.parameters.filter(({ name, required }) => required && !isGiven(values, name));
  for (const sample of missing.length === 0 ? SAMPLES.slice(0, 1) : SAMPLES) {
    try {
      const samples = nestValues(missing.map(({ name }) => [name, sample]));
      return statementsOf(clock, unsaved, { ...samples, ...values });
    } catch (error) {
      if (!(error instanceof EdenError) || sample === SAMPLES.at(-1) || missing.length === 0) throw error;
    }
  }
  return [];
}

function isGiven(values: JsonObject, name: string): boolean {
  return (name.split('.')[0] ?? name) in values;
}

/** @throws EdenError TEMPLATE_NOT_RENDERED (context: details) also where it is too much for a question */
export function statementsOf(clock: Clock, { id, compiled }: Unsaved, values: JsonObject): readonly Statement[] {
  try {
    return render(clock, compiled, values);
  } catch (error) {
    throw id === undefined ? error : attributeError(error, { id });
  }
}

function render(clock: Clock, compiled: CompiledTemplate, values: JsonObject): readonly Statement[] {
  const deadline = clock.elapsedMs() + LONGEST_MS;
  let length = 0;
  return compiled.bind(values, LONGEST_TEXT).operations.map((operation) => {
    const statement = operation.render(operation.batch?.start);
    length += statement.text.length;
    if (length > LONGEST_TEXT) throw tooMuch(`have more than ${LONGEST_TEXT} characters`);
    if (clock.elapsedMs() > deadline) throw tooMuch(`take more than ${LONGEST_MS} ms to render`);
    return statement;
  });
}

function tooMuch(what: string): EdenError {
  const suggestion = 'Make the template, and look at it in the plan of a migration';
  return new EdenError('TEMPLATE_NOT_RENDERED', { details: `the statements ${what}`, suggestion });
}
