import type { Run, RunEvent, StoredError } from '@eden/client';
import type { ReactNode } from 'react';
import { Code } from '../../parts/code.js';
import { TEXTS } from '../../texts.js';
import { blockersOf, stepsOf, type Step } from './timeline.js';

/*
 * What somebody has to know first: what has failed, where exactly, and what to do; what is in doubt; whom it waits for.
 */

interface TroubleProps {
  readonly run: Run;
  readonly events: readonly RunEvent[];
  /** The statements of a step, where the plan of this very run is still there. */
  readonly statementsOf: (step: Step) => readonly string[];
}

export function Trouble({ run, events, statementsOf }: TroubleProps) {
  const failed = stepsOf(run).filter(({ binding }) => binding.state === 'failed' && binding.error !== undefined);
  if (run.state === 'in_doubt') return <Doubt run={run} />;
  if (failed.length > 0) {
    return failed.map((step) => <FailedStep key={step.key} step={step} statements={statementsOf(step)} />);
  }
  if (run.error !== undefined) return <FailedRun error={run.error} />;
  return <Waiting run={run} events={events} />;
}

function FailedStep({ step, statements }: { readonly step: Step; readonly statements: readonly string[] }) {
  const error = step.binding.error as StoredError;
  const place = placeOf(error);
  return (
    <section className="note note-error failure" aria-label={TEXTS.failure.title}>
      <p className="note-title">
        {step.name} <span className="failure-where">{TEXTS.failure.on(step.binding.endpoint_id ?? step.api)}</span>
      </p>
      <ErrorFacts error={error} />
      {place.statement !== undefined && <FailedStatement statements={statements} place={place} />}
      <Advice code={error.code} sqlstate={textOf(error['sqlstate'])} />
    </section>
  );
}

/** A text of one piece is shown whole, with the line that has failed; of several pieces the one that has. */
function FailedStatement({ statements, place }: { readonly statements: readonly string[]; readonly place: Place }) {
  const { statement = 1, line } = place;
  const [only] = statements;
  const text = statements.length === 1 ? only : statements[statement - 1];
  if (text === undefined) return null;
  return (
    <Code text={text} line={statements.length === 1 ? line : undefined} label={TEXTS.failure.statement(statement)} />
  );
}

function FailedRun({ error }: { readonly error: StoredError }) {
  const problems = listOf(error['problems']);
  const errors = listOf(error['errors']);
  const reasons = listOf(error['reasons']);
  return (
    <section className="note note-error failure" aria-label={TEXTS.failure.title}>
      <p className="note-title">{error.error}</p>
      <ErrorFacts error={error} />
      {[...problems, ...errors].length > 0 && (
        <ul>
          {[...problems, ...errors].map((problem, index) => (
            <li key={index}>{sentenceOf(problem)}</li>
          ))}
        </ul>
      )}
      {reasons.length > 0 && (
        <ul>
          {reasons.map((reason, index) => (
            <li key={index}>{sentenceOf(reason)}</li>
          ))}
        </ul>
      )}
      <Advice code={error.code} sqlstate={undefined} />
    </section>
  );
}

/** What the server has said, word by word. */
function ErrorFacts({ error }: { readonly error: StoredError }) {
  const { statement, line, column } = placeOf(error);
  const facts: [string, ReactNode][] = [
    [TEXTS.failure.message, textOf(error['message']) ?? textOf(error['details']) ?? error.error],
    [TEXTS.failure.place, statement === undefined ? undefined : TEXTS.failure.at(statement, line, column)],
    [TEXTS.failure.sqlstate, textOf(error['sqlstate'])],
    [TEXTS.failure.detail, textOf(error['detail'])],
    [TEXTS.failure.hint, textOf(error['hint'])],
    [TEXTS.failure.context, textOf(error['where'])],
    [TEXTS.failure.constraint, textOf(error['constraint'])],
    [TEXTS.failure.blockers, blockerNames(error['blockers'])],
    [TEXTS.failure.suggestion, textOf(error['suggestion'])],
  ];
  const shown = facts.filter(([, value]) => value !== undefined && value !== '');
  return (
    <dl className="failure-facts">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Advice({ code, sqlstate }: { readonly code: string; readonly sqlstate: string | undefined }) {
  const { advice } = TEXTS.failure;
  const byState =
    sqlstate === undefined ? undefined : (advice.sqlstates[sqlstate] ?? advice.sqlstates[sqlstate.slice(0, 2)]);
  return (
    <p className="failure-advice">
      <strong>{TEXTS.failure.whatToDo}</strong> {byState ?? advice.codes[code] ?? advice.otherwise}
    </p>
  );
}

function Doubt({ run: { error } }: { readonly run: Run }) {
  const decided = error?.['decided'];
  return (
    <section className="note note-doubt failure" aria-label={TEXTS.doubt.title}>
      <p className="note-title">{TEXTS.doubt.title}</p>
      <p>{error === undefined || error.code === 'RUN_IN_DOUBT' ? TEXTS.doubt.what : error.error}</p>
      {typeof decided === 'boolean' && <p>{decided ? TEXTS.doubt.decided : TEXTS.doubt.undecided}</p>}
      <ul>
        {[...listOf(error?.['databases']), ...listOf(error?.['steps'])].map((item, index) => (
          <li key={index}>
            {sentenceOf(item)} <Evidence of={item as Readonly<Record<string, unknown>>} />
          </li>
        ))}
      </ul>
      <p className="failure-advice">
        <strong>{TEXTS.failure.whatToDo}</strong> {TEXTS.doubt.advice}
      </p>
    </section>
  );
}

/** Where to look. */
function Evidence({ of: { apis, prepared_id: prepared, ledger } }: { readonly of: Readonly<Record<string, unknown>> }) {
  const parts = [
    listOf(apis).join(', '),
    typeof ledger === 'string' ? TEXTS.doubt.ledger(ledger) : '',
    textOf(prepared) ?? '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : <span className="mono">({parts.join(' · ')})</span>;
}

/** Whom it waits for, by name, as long as it does. */
function Waiting({ run, events }: Pick<TroubleProps, 'run' | 'events'>) {
  const last = events.findLast(({ type }) => type !== 'notice' && type !== 'further_notices');
  if (run.finished_at !== null) return null;
  if (last?.type === 'blocked') {
    const { endpoint_id: endpoint, blockers, message } = last.data;
    return (
      <section className="note note-waiting" aria-label={TEXTS.blocked.title}>
        <p className="note-title">{TEXTS.blocked.waits(endpoint)}</p>
        <p>{blockers.length === 0 ? message : blockersOf(blockers)}</p>
        {blockers.map(({ query, pid }, index) =>
          query === null ? null : <Code key={index} text={query} label={TEXTS.blocked.statementOf(pid)} />,
        )}
        <p className="failure-advice">
          <strong>{TEXTS.failure.whatToDo}</strong> {TEXTS.blocked.advice}
        </p>
      </section>
    );
  }
  if (run.reason === undefined) return null;
  return (
    <section className="note note-waiting note-reason" aria-label={TEXTS.blocked.title}>
      <p className="note-title">{run.reason}</p>
    </section>
  );
}

interface Place {
  readonly statement: number | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

function placeOf(error: StoredError): Place {
  const number = (key: string): number | undefined =>
    typeof error[key] === 'number' ? (error[key] as number) : undefined;
  return { statement: number('statement'), line: number('line'), column: number('column') };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function blockerNames(value: unknown): string | undefined {
  const blockers = listOf(value) as Parameters<typeof blockersOf>[0];
  return blockers.length === 0 ? undefined : blockersOf(blockers);
}

/** A thing that the service has said of something, in one line. */
function sentenceOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { endpoint_id: endpoint, api, path, message, details, error } = value as Record<string, unknown>;
  const of = textOf(endpoint) ?? textOf(path) ?? textOf(api);
  const says = textOf(message) ?? textOf(details) ?? textOf(error);
  return says === undefined ? JSON.stringify(value) : [of, says].filter((part) => part !== undefined).join(': ');
}
