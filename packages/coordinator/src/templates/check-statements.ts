import type {
  CompiledTemplate,
  Issue,
  JsonValue,
  Statement,
  TargetAdapter,
  TemplateBody,
  TemplateDefinition,
} from '@eden/domain';
import { EdenError, isEdenError, isHttpOperation, operationsOf } from '@eden/domain';
import { nestValues } from '@eden/work';
import { operationPaths } from './check-settings.js';

/** What a parameter may stand for while nothing is known about it: most places take a numeric text. */
const SAMPLES: readonly JsonValue[] = ['1', 1, 'x', true];

const BLOCK = /\{\{~?\s*[#^]/;

/**
 * Finds what the target's parser refuses, by rendering the template with sample values. Only what is wrong with every
 * sample is a finding. Nothing can be said about text whose shape depends on its values: `{{raw x}}`, or blocks, which
 * may exclude each other. Sync checks those with their real values.
 */
export async function checkStatements(
  adapter: TargetAdapter,
  definition: TemplateDefinition,
  compiled: CompiledTemplate,
): Promise<readonly Issue[]> {
  if (compiled.usesRaw || allBodies(definition).some(hasBlocks)) return [];
  let findings: readonly Issue[] = [];
  for (const sample of samplesFor(compiled)) {
    const statements = renderWith(sample, definition, compiled);
    if (statements === null) continue;
    const found = await analyzeAll(adapter, statements);
    if (found.length === 0) return [];
    if (findings.length === 0) findings = found;
  }
  return findings;
}

/** What needs no value is looked at once: a text may have 64 MiB. */
function samplesFor({ parameters }: CompiledTemplate): readonly JsonValue[] {
  return parameters.some(({ required }) => required) ? SAMPLES : SAMPLES.slice(0, 1);
}

interface LocatedStatement {
  readonly path: string;
  readonly statement: Statement;
}

function allBodies({ body, settings }: TemplateDefinition): readonly TemplateBody[] {
  return settings.rollback === undefined ? [body] : [body, settings.rollback];
}

function hasBlocks(body: TemplateBody): boolean {
  return operationsOf(body).some((operation) =>
    isHttpOperation(operation)
      ? BLOCK.test(JSON.stringify(operation))
      : operation.syntax !== 'sql' && BLOCK.test(operation.query),
  );
}

/** Null when this value cannot stand in the template's places, which says nothing about its text. */
function renderWith(
  sample: JsonValue,
  definition: TemplateDefinition,
  compiled: CompiledTemplate,
): readonly LocatedStatement[] | null {
  const missing = compiled.parameters.filter(({ required }) => required);
  try {
    const bound = compiled.bind(nestValues(missing.map(({ name }) => [name, sample])));
    const { rollback } = definition.settings;
    const paths = operationPaths('template.template', definition.body);
    const rollbackPaths = rollback === undefined ? [] : operationPaths('rollback', rollback);
    return [...bound.operations, ...bound.rollback].map((operation, index) => ({
      path: `${[...paths, ...rollbackPaths][index] ?? 'template'}.query`,
      statement: operation.render(operation.batch?.start),
    }));
  } catch (error) {
    if (error instanceof EdenError) return null;
    throw error;
  }
}

async function analyzeAll(adapter: TargetAdapter, statements: readonly LocatedStatement[]): Promise<readonly Issue[]> {
  const findings = await Promise.all(statements.map((located) => analyze(adapter, located)));
  return findings.flat();
}

async function analyze(adapter: TargetAdapter, { path, statement }: LocatedStatement): Promise<readonly Issue[]> {
  try {
    const { refusals } = await adapter.analyze(statement);
    // Of a text as it is, what is refused now is refused whatever its values are.
    return statement.syntax === 'sql' ? refusals.map((message) => ({ path, message })) : [];
  } catch (error) {
    if (!isEdenError(error, 'VALIDATION_FAILED')) throw error;
    const issues = error.context['issues'] as readonly Issue[];
    return issues.map((issue) => ({ ...issue, path }));
  }
}
