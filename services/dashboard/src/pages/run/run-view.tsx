import type { Plan, Run } from '@eden/client';
import { useMemo, useState, type ReactNode } from 'react';
import { useRunEvents } from '../../data/use-run-events.js';
import { Disclosure } from '../../parts/disclosure.js';
import { Fact, Facts } from '../../parts/facts.js';
import { Empty } from '../../parts/loaded.js';
import { Progress } from '../../parts/progress.js';
import { StateMark } from '../../parts/state-mark.js';
import { Age, duration, Moment, useNow } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { Trouble } from './failure.js';
import { isOver, tookMs } from './run-time.js';
import { RunLog } from './run-log.js';
import { ChosenStep, OutsideSteps, StepList } from './steps.js';
import { TimelineLegend, TimelineView } from './timeline-view.js';
import { stepsOf, timelineOf, type Step } from './timeline.js';

const TICK_MS = 1_000;
/** A finished run does not move. */
const NEVER_MS = 3_600_000;

interface RunViewProps {
  readonly run: Run;
  /** What was planned for it, where that is known. */
  readonly plan: Plan | null;
  /** What else there is to be told of it while it is under way. */
  readonly children?: ReactNode;
}

/** A run, what is wrong with it first. */
export function RunView({ run, plan, children }: RunViewProps) {
  const events = useRunEvents(run.uuid);
  const now = useNow(isOver(run) ? NEVER_MS : TICK_MS);
  const [selected, setSelected] = useState<string | null>(null);
  const timeline = useMemo(() => timelineOf(run, events, now), [run, events, now]);
  const steps = useMemo(() => stepsOf(run), [run]);
  const statementsOf = useMemo(() => statementsIn(plan), [plan]);
  const chosen = steps.find(({ key }) => key === selected);
  return (
    <>
      <Trouble {...{ run, events, statementsOf }} />
      <RunFacts run={run} now={now} />
      {timeline.lanes.length > 0 && (
        <>
          <TimelineView timeline={timeline} selected={selected} onSelect={setSelected} />
          <TimelineLegend />
        </>
      )}
      {chosen !== undefined && <ChosenStep step={chosen} statements={statementsOf(chosen)} />}
      {children}
      <EarlierAttempts run={run} />
      {steps.length > 0 && <StepList steps={steps} onSelect={setSelected} />}
      {steps.length === 0 && run.error === undefined && (
        <Empty title={run.kind === 'sync' ? TEXTS.run.noStepsSync : TEXTS.run.noSteps} />
      )}
      <OutsideSteps steps={run.steps ?? []} />
      <RunLog events={events} />
    </>
  );
}

/** By the API and the place of the binding in it, as the plan has them. */
function statementsIn(plan: Plan | null): (step: Step) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  for (const { api, bindings } of plan?.apis ?? []) {
    for (const [index, { statements }] of bindings.entries()) known.set(`${api} ${index}`, statements);
  }
  return ({ key }) => known.get(key) ?? [];
}

function RunFacts({ run, now }: { readonly run: Run; readonly now: number }) {
  const { facts } = TEXTS.run;
  const took = tookMs(run, now);
  return (
    <Facts>
      <Fact name={facts.kind}>{TEXTS.runs.kinds[run.kind] ?? run.kind}</Fact>
      <Fact name={facts.state}>
        <StateMark state={run.state} />
      </Fact>
      <Fact name={facts.progress}>
        <Progress done={run.progress.done} of={run.progress.estimated} label={TEXTS.run.progress} />
      </Fact>
      <Fact name={facts.by}>{run.actor}</Fact>
      {run.cancelled_by !== undefined && <Fact name={facts.cancelledBy}>{run.cancelled_by}</Fact>}
      <Fact name={facts.asked}>
        <Age at={run.created_at} />
      </Fact>
      {took !== null && <Fact name={facts.took}>{duration(took)}</Fact>}
      {run.lock_wait_ms !== null && <Fact name={facts.lock}>{duration(run.lock_wait_ms)}</Fact>}
      {run.attempt > 1 && <Fact name={facts.attempt}>{run.attempt}</Fact>}
      {run.trace_id !== undefined && (
        <Fact name={facts.trace}>
          <code>{run.trace_id}</code>
        </Fact>
      )}
    </Facts>
  );
}

/** Kept, as what has gone wrong once explains what goes wrong now. */
function EarlierAttempts({ run }: { readonly run: Run }) {
  const earlier = run.attempt_history.slice(0, -1);
  if (earlier.length === 0) return null;
  return (
    <Disclosure title={`${TEXTS.run.attempts} (${earlier.length})`}>
      <ul className="attempts">
        {earlier.map(({ attempt, outcome, reason, started_at: at }) => (
          <li key={`${attempt} ${at}`}>
            <strong>{TEXTS.run.attempt(attempt)}</strong> <Moment at={at} />
            {outcome !== null && ` · ${outcome}`} {reason !== null && <span>{reason}</span>}
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}
