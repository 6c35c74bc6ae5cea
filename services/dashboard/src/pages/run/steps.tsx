import type { Run } from '@eden/client';
import { useMemo } from 'react';
import { Code } from '../../parts/code.js';
import { Disclosure } from '../../parts/disclosure.js';
import { Fact, Facts } from '../../parts/facts.js';
import { ListTable, type Column } from '../../parts/list-table.js';
import { StateMark } from '../../parts/state-mark.js';
import { duration, Moment } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import type { Step } from './timeline.js';

const T = TEXTS.run;

/** Every binding and file of the run. */
export function StepList({
  steps,
  onSelect,
}: {
  readonly steps: readonly Step[];
  readonly onSelect: (key: string) => void;
}) {
  const columns = useMemo(() => columnsFor(onSelect), [onSelect]);
  return (
    <section className="block">
      <h2>
        {T.stepsTitle} <span className="count">{steps.length}</span>
      </h2>
      <ListTable label={T.stepList} items={steps} columns={columns} keyOf={({ key }) => key} />
    </section>
  );
}

function columnsFor(onSelect: (key: string) => void): readonly Column<Step>[] {
  return [
    {
      id: 'name',
      title: T.stepColumns.name,
      width: 'minmax(160px, 3fr)',
      cell: ({ key, name, api }) => (
        <>
          <button type="button" className="link mono" onClick={() => onSelect(key)}>
            {name}
          </button>{' '}
          {api !== name && <span className="dim">{api}</span>}
        </>
      ),
    },
    ...FIGURES,
  ];
}

const FIGURES: readonly Column<Step>[] = [
  {
    id: 'place',
    title: T.stepColumns.place,
    width: 'minmax(80px, 1fr)',
    cell: ({ binding }) => binding.endpoint_id ?? '',
  },
  {
    id: 'state',
    title: T.stepColumns.state,
    width: '120px',
    cell: ({ binding }) => <StateMark state={binding.state} />,
  },
  { id: 'rows', title: T.stepColumns.rows, width: '90px', isNumber: true, cell: rowsOf },
  { id: 'took', title: T.stepColumns.took, width: '80px', isNumber: true, cell: tookOf },
  {
    id: 'tries',
    title: T.stepColumns.tries,
    width: '50px',
    isNumber: true,
    cell: ({ binding }) => (binding.attempts > 1 ? binding.attempts : ''),
  },
];

function rowsOf({ binding: { rows, progress } }: Step): string {
  const of = progress.estimated === null ? '' : ` / ${progress.estimated.toLocaleString('en')}`;
  return rows === 0 && of === '' ? '' : `${rows.toLocaleString('en')}${of}`;
}

/** So far, while it runs; of one that has failed, how long it was at it. */
function tookOf({ binding }: Step): string {
  const { started_at: from, finished_at: to, execution_time_ms: ms } = binding;
  if (from === null) return '';
  return duration(ms > 0 ? ms : (to === null ? Date.now() : Date.parse(to)) - Date.parse(from));
}

interface ChosenStepProps {
  readonly step: Step;
  readonly statements: readonly string[];
}

/** What was chosen in the picture or the list. */
export function ChosenStep({ step, statements }: ChosenStepProps) {
  const { binding, name, api } = step;
  return (
    <section className="block chosen" aria-label={T.selected} aria-live="polite">
      <h2 className="mono">{name}</h2>
      <Facts>
        <Fact name={T.stepColumns.state}>
          <StateMark state={binding.state} />
        </Fact>
        {binding.endpoint_id !== null && <Fact name={T.stepColumns.place}>{binding.endpoint_id}</Fact>}
        <Fact name={T.api}>{api}</Fact>
        {binding.version !== undefined && <Fact name={T.file}>{binding.version}</Fact>}
        <Fact name={T.rows}>{rowsOf(step) || '0'}</Fact>
        <Fact name={T.stepColumns.took}>{tookOf(step)}</Fact>
        {binding.started_at !== null && (
          <Fact name={T.began}>
            <Moment at={binding.started_at} />
          </Fact>
        )}
      </Facts>
      {binding.error !== undefined && <p className="tone-failed">{messageOf(binding.error)}</p>}
      {binding.attempt_history.length > 0 && (
        <Disclosure title={`${T.tries} (${binding.attempt_history.length})`}>
          <ul className="attempts">
            {binding.attempt_history.map(({ started_at: at, error }) => (
              <li key={at}>
                <Moment at={at} /> {messageOf(error)}
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
      {statements.length > 0 && <Code text={statements.join(';\n\n')} label={name} />}
    </section>
  );
}

function messageOf({ error, message }: NonNullable<Step['binding']['error']>): string {
  return typeof message === 'string' ? message : error;
}

/** What cannot be in the transaction: before it, or after its commit. */
export function OutsideSteps({ steps }: { readonly steps: NonNullable<Run['steps']> }) {
  if (steps.length === 0) return null;
  return (
    <section className="block">
      <h2>{T.outside}</h2>
      <ul className="plain-list">
        {steps.map(({ number, phase, template, database, state, attempts, error }) => (
          <li key={number}>
            <StateMark state={OUTSIDE_STATES[state] ?? state} /> <code>{template}</code>{' '}
            <span className="dim">
              {database} · {phase === 'before' ? T.before : T.after}
              {attempts > 1 && ` · ${attempts}`}
            </span>
            {error !== undefined && <span className="tone-failed"> {messageOf(error)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const OUTSIDE_STATES: Readonly<Record<string, string>> = {
  done: 'succeeded',
  undoing: 'compensating',
  undone: 'rolled_back',
  left: 'failed',
};
