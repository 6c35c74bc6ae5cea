import { Fragment, useId } from 'react';
import { StateMark, toneOf } from '../../parts/state-mark.js';
import { duration } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import type { Bar, Lane, Scale, Timeline } from './timeline.js';
import './timeline.css';

interface TimelineViewProps {
  readonly timeline: Timeline;
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

/** The picture; a bar that is chosen is described below it. */
export function TimelineView({ timeline: { lanes, scale }, selected, onSelect }: TimelineViewProps) {
  const titleId = useId();
  return (
    <section className="timeline" aria-labelledby={titleId}>
      <h2 id={titleId} className="visually-hidden">
        {TEXTS.run.timeline}
      </h2>
      <Ruler scale={scale} />
      <ol className="lanes">
        {lanes.map((lane) => (
          <LaneView key={lane.key} lane={lane} selected={selected} onSelect={onSelect} />
        ))}
      </ol>
    </section>
  );
}

function Ruler({ scale: { ticks, gaps } }: { readonly scale: Scale }) {
  return (
    <div className="ruler" aria-hidden="true">
      <span className="ruler-track">
        {ticks.map(({ at, ms }) => (
          <span key={ms} className="tick" style={{ left: percent(at) }}>
            {ms === 0 ? '0' : duration(ms)}
          </span>
        ))}
        {gaps.map(({ at, ms }) => (
          <span key={at} className="gap" style={{ left: percent(at) }} title={TEXTS.run.leftOut(duration(ms))} />
        ))}
      </span>
    </div>
  );
}

interface LaneViewProps {
  readonly lane: Lane;
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

function LaneView({ lane: { name, endpoint, bars, phases, waits }, selected, onSelect }: LaneViewProps) {
  return (
    <li className="lane">
      <span className="lane-name" title={name}>
        <strong>{endpoint ?? name}</strong>
        {endpoint !== null && endpoint !== name && <span className="dim">{name}</span>}
      </span>
      <span className="lane-track">
        {bars.map((bar) => (
          <BarView
            key={bar.key}
            bar={bar}
            isSelected={bar.steps.some(({ key }) => key === selected)}
            {...{ onSelect }}
          />
        ))}
        {waits.map(({ name: who, from, to }, index) => (
          <span
            key={index}
            className="wait"
            style={{ left: percent(from), width: `max(3px, ${percent(to - from)})` }}
            title={TEXTS.run.waitsFor(who)}
          />
        ))}
        {phases.map(({ name: phase, from, to }) => (
          <Fragment key={`${phase} ${from}`}>
            <span
              className={`phase phase-${phase}`}
              style={{ left: percent(from), width: percent(to - from) }}
              title={TEXTS.states[phase] ?? phase}
            />
          </Fragment>
        ))}
        {bars.length === 0 && phases.length === 0 && <span className="lane-empty dim">{TEXTS.run.notBegun}</span>}
      </span>
    </li>
  );
}

interface BarViewProps {
  readonly bar: Bar;
  readonly isSelected: boolean;
  readonly onSelect: (key: string) => void;
}

function BarView({ bar: { key, label, state, from, to, steps }, isSelected, onSelect }: BarViewProps) {
  const text = steps.length === 1 ? label : TEXTS.run.steps(steps.length);
  const says = `${text}: ${TEXTS.states[state] ?? state}`;
  return (
    <button
      type="button"
      className={`bar bar-${toneOf(state)}`}
      style={{ left: percent(from), width: `max(5px, ${percent(to - from)})` }}
      title={says}
      aria-label={says}
      aria-pressed={isSelected}
      onClick={() => onSelect(key)}
    >
      <span aria-hidden="true">{text}</span>
    </button>
  );
}

/** What the colours of the picture mean. */
export function TimelineLegend() {
  return (
    <p className="legend" aria-hidden="true">
      {['succeeded', 'running', 'failed', 'rolled_back'].map((state) => (
        <StateMark key={state} state={state} />
      ))}
    </p>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
