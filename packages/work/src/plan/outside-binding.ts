import { isHttpOperation, operationsOf, queriesOf, validationError } from '@eden/domain';
import type { AtomicityClass, BatchSpec, StatementAnalysis, TargetCapabilities, TemplateBody } from '@eden/domain';
import { referenceOf, rootOf } from '../bindings/resolve-references.js';
import type { WorkBinding } from '../load-work.js';
import { bodyOf } from '../load-work.js';

/** A binding that runs outside the transaction. */
interface OutsideBinding {
  readonly class: Extract<AtomicityClass, 'compensable' | 'irreversible'>;
  /** What takes it back, for people. */
  readonly undo: string | null;
}

interface OutsideContext {
  readonly earlierOutputs: ReadonlySet<string>;
  readonly capabilities: Pick<TargetCapabilities, 'batches'>;
}

/** Whether the batches of a binding commit one by one. */
export function commitsEachBatch(work: WorkBinding): boolean {
  return batchesOf(work).some(({ commit }) => commit === 'each');
}

function batchesOf(work: WorkBinding): readonly BatchSpec[] {
  return [work.settings.batch, ...queriesOf(bodyOf(work)).map(({ batch }) => batch)].flatMap((batch) => batch ?? []);
}

/**
 * How a binding runs that cannot be in the transaction, by its statements or by its own word; null where it can be.
 * @throws EdenError VALIDATION_FAILED for what has no meaning there
 */
export function outsideOf(
  work: WorkBinding,
  analyses: readonly StatementAnalysis[],
  { earlierOutputs, capabilities }: OutsideContext,
): OutsideBinding | null {
  const { settings } = work;
  const isAlone = analyses.some(({ class: each }) => each === 'irreversible');
  const isBatched = commitsEachBatch(work);
  if (settings.transactional !== false && !isAlone && !isBatched) return null;
  refuse([
    ...analyses.flatMap(({ outside }) => outside.refusals),
    ...lateOutputs(work, earlierOutputs),
    ...(isBatched
      ? unbatched(work, { isAlone, capabilities })
      : [...togetherOutside(work), ...unanswered(work, analyses)]),
    ...batchedUndo(work),
  ]);
  const undo = undoOf(work, analyses);
  return { class: undo === null ? 'irreversible' : 'compensable', undo };
}

function refuse(messages: readonly string[]): void {
  if (messages.length > 0)
    throw validationError([...new Set(messages)].map((message) => ({ path: 'template', message })));
}

function lateOutputs({ binding }: WorkBinding, earlierOutputs: ReadonlySet<string>): readonly string[] {
  const references = Object.values(binding.fields).map(referenceOf);
  const late = references.filter((name) => name !== null && earlierOutputs.has(rootOf(name)));
  return late.map(
    (name) => `migration.${name} is an output, and a step outside the transaction is given parameters only`,
  );
}

function togetherOutside(work: WorkBinding): readonly string[] {
  if (batchesOf(work).length === 0) return [];
  return ['batches that commit together need the transaction: give the batch "commit": "each"'];
}

/** What keeps batches from committing one by one. */
function unbatched(
  work: WorkBinding,
  { isAlone, capabilities }: { readonly isAlone: boolean } & Pick<OutsideContext, 'capabilities'>,
): readonly string[] {
  const { text, settings, endpoint } = work;
  const outputs = Object.values(settings.outputs ?? {}).filter((path) => path !== 'row_count');
  return [
    ...(capabilities.batches ? [] : [`on ${endpoint.kind} a batch does not commit together with its checkpoint`]),
    ...(text === 'rollback' ? ['the batches of a rollback commit together: leave "commit": "each" out'] : []),
    ...(operationsOf(bodyOf(work)).length > 1
      ? ['batches that commit one by one are the only operation of their template']
      : []),
    ...(isAlone ? ['a batch commits with its checkpoint, and holds nothing that cannot be in a transaction'] : []),
    ...outputs.map((path) => `of batches that commit one by one only row_count is known at the end, not ${path}`),
    ...(settings.expect !== undefined && !('row_count' in settings.expect)
      ? ['of batches that commit one by one only "row_count" can be expected']
      : []),
  ];
}

/** A step is taken back in one go. */
function batchedUndo({ text, settings: { rollback } }: WorkBinding): readonly string[] {
  if (text === 'rollback' || rollback === undefined) return [];
  const isBatched = queriesOf(rollback).some(({ batch }) => batch !== undefined);
  return isBatched ? ['the rollback of a step outside the transaction has no batches'] : [];
}

/** What looks at an answer needs one. */
function unanswered({ settings }: WorkBinding, analyses: readonly StatementAnalysis[]): readonly string[] {
  if (analyses.some(({ outside }) => outside.isAnswered)) return [];
  return [
    ...(settings.outputs === undefined ? [] : ['a step outside the transaction gives no outputs']),
    ...(settings.expect === undefined
      ? []
      : ['a step outside the transaction has no "expect": check in a template of its own']),
  ];
}

function isBatchedBody({ body, settings }: WorkBinding['template']): boolean {
  return settings.batch !== undefined || queriesOf(body).some(({ batch }) => batch !== undefined);
}

/** A rollback is taken back by what it takes back, unless that takes batches. */
function undoOf({ template, text, settings }: WorkBinding, analyses: readonly StatementAnalysis[]): string | null {
  if (text === 'rollback') return isBatchedBody(template) ? null : textOf(template.body);
  return settings.rollback === undefined ? derivedUndo(analyses) : textOf(settings.rollback);
}

/** Only all of it is taken back. */
function derivedUndo(analyses: readonly StatementAnalysis[]): string | null {
  const undos = analyses.map(({ outside }) => outside.undo);
  return undos.includes(null) ? null : undos.toReversed().join('; ');
}

function textOf(body: TemplateBody): string {
  return operationsOf(body)
    .map((operation) => (isHttpOperation(operation) ? `${operation.method} ${operation.path}` : operation.query))
    .join('; ');
}
