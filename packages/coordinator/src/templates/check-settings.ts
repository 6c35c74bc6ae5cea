import type {
  BatchSpec,
  Expectation,
  Issue,
  SqlOperation,
  TemplateBody,
  TemplateDefinition,
  TemplateSettings,
} from '@eden/domain';
import { operationsOf, queriesOf } from '@eden/domain';
import { isOutputPath } from '@eden/work';
import { checkKind } from './check-kind.js';

type Check = (definition: TemplateDefinition) => readonly Issue[];

const CHECKS: readonly Check[] = [
  checkShape,
  checkAsWritten,
  checkBatches,
  checkOutputs,
  checkExpectation,
  checkLimits,
];

/** Everything about a template that can be wrong apart from its text; paths as in the request's body. */
export function checkSettings(definition: TemplateDefinition): readonly Issue[] {
  const ofKind = checkKind(definition);
  return ofKind.length > 0 ? ofKind : CHECKS.flatMap((check) => check(definition));
}

/** Where each operation of a body stands: `<root>.query`, or `<root>.operations[1].query`. */
export function operationPaths(root: string, body: TemplateBody): readonly string[] {
  if (!('operations' in body)) return [root];
  return body.operations.map((_, index) => `${root}.operations[${index}]`);
}

function checkShape({ kind, body, settings }: TemplateDefinition): readonly Issue[] {
  const isTransaction = kind === 'Transaction' || kind === 'TwoPhaseTransaction';
  const issues: Issue[] = [];
  if (isTransaction !== 'operations' in body) {
    const expected = isTransaction ? '{"operations":[…]}' : '{"query":"…"}';
    issues.push({ path: 'template.template', message: `A template of kind ${kind} is written as ${expected}` });
  }
  if (operationsOf(body).length === 0) {
    issues.push({ path: 'template.template.operations', message: 'There must be at least one operation' });
  }
  if (isTransaction && settings.transactional === false) {
    issues.push({ path: 'transactional', message: `A template of kind ${kind} is transactional` });
  }
  return issues;
}

/** What is taken as it is has no places for values. */
function checkAsWritten({ body, settings }: TemplateDefinition): readonly Issue[] {
  const { rollback, batch } = settings;
  const texts = [
    ...operationsIn('template.template', body),
    ...(rollback === undefined ? [] : operationsIn('rollback', rollback)),
  ].filter(({ operation }) => operation.syntax === 'sql');
  const issues = texts.flatMap(({ path, operation }) =>
    (['params', 'batch'] as const)
      .filter((name) => operation[name] !== undefined)
      .map((name) => ({ path: `${path}.${name}`, message: `A text with syntax "sql" has no ${name}` })),
  );
  const isBatched = batch !== undefined && texts.some(({ path }) => path === 'template.template');
  return isBatched ? [...issues, { path: 'batch', message: 'A text with syntax "sql" has no batch' }] : issues;
}

function operationsIn(
  root: string,
  body: TemplateBody,
): readonly { readonly path: string; readonly operation: SqlOperation }[] {
  const paths = operationPaths(root, body);
  return queriesOf(body).map((operation, index) => ({ path: paths[index] ?? root, operation }));
}

function checkBatches({ body, settings }: TemplateDefinition): readonly Issue[] {
  const paths = operationPaths('template.template', body);
  const issues = queriesOf(body).flatMap(({ batch }, index) => checkBatch(`${paths[index] ?? ''}.batch`, batch));
  if ('operations' in body && settings.batch !== undefined) {
    return [...issues, { path: 'batch', message: 'In a transaction, batch belongs to one of the operations' }];
  }
  return [...issues, ...checkBatch('batch', settings.batch)];
}

function checkBatch(path: string, batch: BatchSpec | undefined): readonly Issue[] {
  if (batch === undefined || isBatchSize(batch.size)) return [];
  return [{ path: `${path}.size`, message: 'Must be a positive integer, or a text with a placeholder for one' }];
}

function isBatchSize(size: number | string): boolean {
  if (typeof size === 'number') return Number.isSafeInteger(size) && size > 0;
  return size.includes('{{') || /^0*[1-9]\d{0,14}$/.test(size);
}

function checkOutputs({ endpointKind, settings }: TemplateDefinition): readonly Issue[] {
  const expected =
    endpointKind === 'Http'
      ? 'status, or a part of the body such as body.id'
      : 'row_count, or a column such as rows[0].total';
  return Object.entries(settings.outputs ?? {})
    .filter(([, path]) => !isOutputPath(path, endpointKind))
    .map(([name]) => ({ path: `outputs.${name}`, message: `Must be ${expected}` }));
}

function checkExpectation({ settings }: TemplateDefinition): readonly Issue[] {
  if (settings.expect === undefined || isExpectation(settings.expect)) return [];
  return [{ path: 'expect', message: 'Must be {"value":…}, {"row_count":n} or {"no_rows":true}' }];
}

function isExpectation(expectation: Expectation): boolean {
  if (Object.keys(expectation).length !== 1) return false;
  if ('row_count' in expectation) return Number.isSafeInteger(expectation.row_count) && expectation.row_count >= 0;
  return 'value' in expectation || expectation.no_rows;
}

const LIMITS = ['timeout_ms', 'lock_timeout_ms', 'retries'] as const satisfies readonly (keyof TemplateSettings)[];

function checkLimits({ settings }: TemplateDefinition): readonly Issue[] {
  return LIMITS.filter((name) => {
    const value = settings[name];
    return value !== undefined && !(Number.isSafeInteger(value) && value >= 0);
  }).map((name) => ({ path: name, message: 'Must be an integer that is not negative' }));
}
