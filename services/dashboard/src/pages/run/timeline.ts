import type { Run, RunEvent } from '@eden/client';

/*
 * A run as a picture: one lane for each database, a bar for each binding or file, a strip of phases below, marks where
 * something waited. Pure: what is drawn follows from the run, its events and the time now.
 */

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly state: string;
  readonly from: number;
  readonly to: number;
  /** More than one where they are too short to be seen apart. */
  readonly steps: readonly Step[];
}

/** A binding or file of the run, with where it stands. */
export interface Step {
  readonly key: string;
  readonly api: string;
  readonly stage: number;
  /** Id of the template, or path of the file. */
  readonly name: string;
  readonly binding: Run['apis'][number]['bindings'][number];
}

export interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export interface Lane {
  readonly key: string;
  readonly name: string;
  readonly endpoint: string | null;
  readonly bars: readonly Bar[];
  readonly phases: readonly Span[];
  /** Where it waited for somebody: who. */
  readonly waits: readonly Span[];
}

export interface Timeline {
  readonly lanes: readonly Lane[];
  readonly scale: Scale;
}

/** A place on the picture, from 0 to 1. Where nothing happened for long, time runs faster. */
export interface Scale {
  readonly place: (time: number) => number;
  /** Where time was left out, and how much. */
  readonly gaps: readonly { readonly at: number; readonly ms: number }[];
  readonly ticks: readonly { readonly at: number; readonly ms: number }[];
}

/** Shorter pauses are drawn as they were. */
const SHORTEST_GAP_MS = 5_000;
/** What is left of a longer one, of the whole picture. */
const GAP_SHARE = 0.03;
/** Bars that are narrower, and follow each other as closely, are drawn as one. */
const NARROW = 0.006;
const TICKS = 5;
/** A wait that lasts is told of so often. */
const TOLD_AGAIN_MS = 10_000;

export function stepsOf(run: Run): Step[] {
  return run.apis.flatMap(({ api, api_id: id, stage, bindings }) =>
    bindings.map((binding, index) => ({
      key: `${api} ${index}`,
      api: id,
      stage,
      name: binding.file ?? binding.template_id ?? id,
      binding,
    })),
  );
}

export function timelineOf(run: Run, events: readonly RunEvent[], now: number): Timeline {
  const steps = stepsOf(run).filter(({ binding }) => binding.started_at !== null);
  const scale = scaleOf(busySpans(run, steps, now), bounds(run, now));
  // Runs of earlier versions do not say where a step runs.
  const first = run.databases[0]?.endpoint ?? '';
  const filling = {
    steps: groupBy(steps, ({ binding }) => binding.endpoint ?? first),
    waits: groupBy(waitsOf(events, scale, endOf(run, now)), ({ endpoint }) => endpoint),
    ...{ scale, now },
  };
  return { lanes: lanesOf(run).map((lane) => fill(lane, filling)), scale };
}

/** (Not every browser that is still about has Map.groupBy.) */
function groupBy<Item, Name>(items: readonly Item[], nameOf: (item: Item) => Name): ReadonlyMap<Name, readonly Item[]> {
  const groups = new Map<Name, Item[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group === undefined) groups.set(nameOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

interface EmptyLane {
  readonly key: string;
  readonly name: string;
  readonly endpoint: string | null;
  readonly phases: Run['databases'][number]['phases'];
}

/** The databases of the run; one for the endpoints of steps that are in none of them. */
function lanesOf(run: Run): EmptyLane[] {
  const lanes: EmptyLane[] = run.databases.map(({ name, endpoint, endpoint_id: id, phases }) => {
    return { key: endpoint, name, endpoint: id, phases };
  });
  const known = new Set(lanes.map(({ key }) => key));
  for (const { binding } of stepsOf(run)) {
    const key = binding.endpoint ?? '';
    if (known.has(key) || (key === '' && lanes.length > 0)) continue;
    known.add(key);
    lanes.push({ key, name: binding.endpoint_id ?? run.migration_id, endpoint: binding.endpoint_id, phases: [] });
  }
  return lanes;
}

interface Filling {
  /** By the uuid of their endpoint. */
  readonly steps: ReadonlyMap<string, readonly Step[]>;
  /** By the id of their endpoint. */
  readonly waits: ReadonlyMap<string, readonly Wait[]>;
  readonly scale: Scale;
  readonly now: number;
}

function fill({ phases, ...lane }: EmptyLane, { steps, waits, scale, now }: Filling): Lane {
  const bars = (steps.get(lane.key) ?? []).map((step) => barOf(step, scale, now)).sort((a, b) => a.from - b.from);
  return {
    ...lane,
    bars: joinNarrow(bars),
    phases: phases.map(({ phase, started_at: from, finished_at: to }) => ({
      name: phase,
      from: scale.place(Date.parse(from)),
      to: scale.place(to === null ? now : Date.parse(to)),
    })),
    waits: (waits.get(lane.endpoint ?? '') ?? []).map(({ name, from, to }) => ({ name, from, to })),
  };
}

function barOf(step: Step, scale: Scale, now: number): Bar {
  const { started_at: from, finished_at: to, state } = step.binding;
  return {
    key: step.key,
    label: step.name,
    state,
    from: scale.place(Date.parse(from ?? '')),
    to: scale.place(to === null ? now : Date.parse(to)),
    steps: [step],
  };
}

/** What has failed or still runs stays by itself. */
function joinNarrow(bars: readonly Bar[]): Bar[] {
  const joined: Bar[] = [];
  for (const bar of bars) {
    const last = joined.at(-1);
    if (last === undefined || !isNarrow(bar) || bar.state !== last.state || bar.from - last.to > NARROW)
      joined.push(bar);
    else if (last.steps.length === 1 && !isNarrow(last)) joined.push(bar);
    else joined[joined.length - 1] = { ...last, to: Math.max(last.to, bar.to), steps: [...last.steps, ...bar.steps] };
  }
  return joined;
}

function isNarrow({ from, to, state }: Bar): boolean {
  return to - from < NARROW && state !== 'failed' && state !== 'running';
}

interface Wait extends Span {
  readonly endpoint: string;
}

/** The same wait is told again as long as it lasts: until something else is told of, or it would have been. */
function waitsOf(events: readonly RunEvent[], { place }: Scale, end: number): Wait[] {
  return events.flatMap((event, index) => {
    if (event.type !== 'blocked') return [];
    const from = Date.parse(event.at);
    const next = events[index + 1];
    const to = Math.min(from + TOLD_AGAIN_MS, end, next === undefined ? end : Date.parse(next.at));
    const { endpoint_id: endpoint, blockers } = event.data;
    return [{ endpoint, name: blockersOf(blockers), from: place(from), to: place(Math.max(from, to)) }];
  });
}

type Blocker = Extract<RunEvent, { type: 'blocked' }>['data']['blockers'][number];

/** By name, as somebody who has to end them would look for them. */
export function blockersOf(blockers: readonly Blocker[]): string {
  return blockers.map(blockerName).join('; ');
}

function blockerName({ pid, prepared_id: prepared, user, application }: Blocker): string {
  const who = [user, application].filter((name) => name !== null && name !== '').join(' · ');
  const what = prepared === null ? `pid ${pid ?? '?'}` : prepared;
  return who === '' ? what : `${who} (${what})`;
}

type Interval = readonly [from: number, to: number];

/** From when it began, of its latest attempt, to its end. */
function bounds(run: Run, now: number): Interval {
  const from = Date.parse(run.started_at ?? run.created_at);
  return [from, Math.max(endOf(run, now), from + 1)];
}

function endOf({ finished_at: end }: Run, now: number): number {
  return end === null ? now : Date.parse(end);
}

/** When something was at work, in order and apart from each other. */
function busySpans(run: Run, steps: readonly Step[], now: number): Interval[] {
  const ends = (from: string | null, to: string | null): Interval[] =>
    from === null ? [] : [[Date.parse(from), to === null ? now : Date.parse(to)]];
  const phases = run.databases.flatMap(({ phases: all }) => all);
  const moments = phases.flatMap(({ started_at: at }) => ends(at, at));
  const spans = [...steps.flatMap(({ binding }) => ends(binding.started_at, binding.finished_at)), ...moments];
  spans.sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [from, to] of spans) {
    const last = joined.at(-1);
    if (last === undefined || from > last[1]) joined.push([from, to]);
    else last[1] = Math.max(last[1], to);
  }
  return joined;
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly isGap: boolean;
}

function scaleOf(busy: readonly Interval[], [start, end]: Interval): Scale {
  const pieces = piecesOf(busy, start, end);
  const gaps = pieces.filter(({ isGap }) => isGap);
  const drawn = pieces.filter(({ isGap }) => !isGap).reduce((sum, { from, to }) => sum + to - from, 0);
  const share = drawn === 0 ? 1 / Math.max(1, gaps.length) : Math.min(GAP_SHARE, 0.5 / Math.max(1, gaps.length));
  const rest = 1 - share * gaps.length;
  const width = ({ from, to, isGap }: Piece): number => (isGap ? share : ((to - from) / drawn) * rest);
  const place = (time: number): number => {
    let at = 0;
    for (const piece of pieces) {
      if (time < piece.to) return at + (Math.max(0, time - piece.from) / (piece.to - piece.from)) * width(piece);
      at += width(piece);
    }
    return 1;
  };
  return {
    place,
    gaps: gaps.map(({ from, to }) => ({ at: place(from), ms: to - from })),
    ticks: ticksOf(pieces, start).map((time) => ({ at: place(time), ms: time - start })),
  };
}

function piecesOf(busy: readonly Interval[], start: number, end: number): Piece[] {
  const pieces: Piece[] = [];
  let at = start;
  const add = (to: number, isGap: boolean): void => {
    if (to <= at) return;
    pieces.push({ from: at, to, isGap });
    at = to;
  };
  for (const [from, to] of busy) {
    add(Math.min(from, end), from - at > SHORTEST_GAP_MS);
    add(Math.min(to, end), false);
  }
  add(end, end - at > SHORTEST_GAP_MS && busy.length > 0);
  return pieces;
}

/** Evenly over what is drawn as it was. */
function ticksOf(pieces: readonly Piece[], start: number): number[] {
  const drawn = pieces.filter(({ isGap }) => !isGap);
  const all = drawn.reduce((sum, { from, to }) => sum + to - from, 0);
  const step = roundStep(all / TICKS);
  return drawn.flatMap(({ from, to }) => {
    const first = Math.ceil((from - start) / step);
    const count = Math.max(0, Math.floor((to - start) / step) - first + 1);
    return Array.from({ length: count }, (_, index) => start + (first + index) * step);
  });
}

const ROUND_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 3e5, 6e5, 1.8e6, 3.6e6, 2.16e7];

function roundStep(ms: number): number {
  return ROUND_MS.find((step) => step >= ms) ?? 8.64e7;
}
