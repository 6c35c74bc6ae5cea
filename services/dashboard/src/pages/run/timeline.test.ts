import { describe, expect, it } from '@jest/globals';
import type { Run, RunEvent } from '@eden/client';
import { blockersOf, timelineOf } from './timeline.js';

const START = Date.parse('2026-11-27T03:00:00.000Z');

function at(ms: number): string {
  return new Date(START + ms).toISOString();
}

interface Given {
  readonly endpoint?: string | null;
  readonly from: number | null;
  readonly to?: number | null;
  readonly state?: string;
}

function binding({ endpoint = 'a', from, to = null, state = to === null ? 'running' : 'succeeded' }: Given) {
  return {
    template_id: `t${from}`,
    endpoint,
    endpoint_id: endpoint,
    state,
    started_at: from === null ? null : at(from),
    finished_at: to === null ? null : at(to),
  };
}

/** Two databases, a and b, whose one phase lasts from the start to the end. */
function run(bindings: readonly Given[], { endedMs = null as number | null, databases = ['a', 'b'] } = {}): Run {
  const end = endedMs === null ? null : at(endedMs);
  return {
    migration_id: 'shop',
    created_at: at(-500),
    started_at: at(0),
    finished_at: end,
    databases: databases.map((name) => ({
      name: `${name}_db`,
      endpoint: name,
      endpoint_id: name,
      phases: [{ phase: 'running', started_at: at(0), finished_at: end }],
    })),
    apis: [{ api: 'x', api_id: 'x', stage: 0, bindings: bindings.map(binding) }],
  } as unknown as Run;
}

describe('the picture of a run', () => {
  it('has a lane for each database, with the bars of what runs there', () => {
    const { lanes } = timelineOf(
      run(
        [
          { from: 0, to: 500 },
          { endpoint: 'b', from: 500, to: 1000 },
        ],
        { endedMs: 1000 },
      ),
      [],
      START,
    );
    expect(lanes.map(({ endpoint, bars }) => [endpoint, bars.map(({ from, to }) => [from, to])])).toEqual([
      ['a', [[0, 0.5]]],
      ['b', [[0.5, 1]]],
    ]);
  });

  it('grows with the time while a step runs', () => {
    const still = run([{ from: 0, to: 500 }, { from: 500 }]);
    const [lane] = timelineOf(still, [], START + 2000).lanes;
    expect(lane?.bars.map(({ to }) => to)).toEqual([0.25, 1]);
  });

  it('leaves out long pauses and says how long they were', () => {
    const hour = 3_600_000;
    const { scale, lanes } = timelineOf(
      run(
        [
          { from: 0, to: 1000 },
          { from: hour, to: hour + 1000 },
        ],
        { endedMs: hour + 1000 },
      ),
      [],
      START,
    );
    expect(scale.gaps.map(({ ms }) => ms)).toEqual([hour - 1000]);
    const widths = (lanes[0]?.bars ?? []).map(({ from, to }) => Number((to - from).toFixed(3)));
    expect(widths).toEqual([0.485, 0.485]);
  });

  it('draws short steps in a row as one bar, but for what has failed', () => {
    const short = Array.from({ length: 1000 }, (_, n) => ({ from: n, to: n + 1 }));
    const { lanes } = timelineOf(
      run([...short, { from: 1000, to: 1001, state: 'failed' }], { endedMs: 1001 }),
      [],
      START,
    );
    expect(lanes[0]?.bars.map(({ state, steps }) => [state, steps.length])).toEqual([
      ['succeeded', 1000],
      ['failed', 1],
    ]);
  });

  it('gives a lane to an endpoint that is none of the databases, and the first one to steps that do not say where', () => {
    const { lanes } = timelineOf(
      run([
        { endpoint: 'c', from: 0, to: 1 },
        { endpoint: null, from: 0, to: 1 },
      ]),
      [],
      START + 1,
    );
    expect(lanes.map(({ key, bars }) => [key, bars.length])).toEqual([
      ['a', 1],
      ['b', 0],
      ['c', 1],
    ]);
  });

  it('marks where a database waited, and for whom by name', () => {
    const blocker = {
      pid: 7,
      user: 'ann',
      application: 'psql',
      query: null,
      age_ms: 1,
      database: 'a_db',
      prepared_id: null,
    };
    const event = { sequence: 1, at: at(500), type: 'blocked', data: { endpoint_id: 'a', blockers: [blocker] } };
    const { lanes } = timelineOf(
      run([{ from: 0, to: 1000 }], { endedMs: 1000 }),
      [event as unknown as RunEvent],
      START,
    );
    expect(lanes[0]?.waits).toEqual([{ name: 'ann · psql (pid 7)', from: 0.5, to: 1 }]);
    expect(lanes[1]?.waits).toEqual([]);
    expect(blockersOf([{ ...blocker, user: null, application: '', pid: null, prepared_id: 'eden_1' }])).toBe('eden_1');
  });

  it('is empty for a run that has not begun', () => {
    const { lanes } = timelineOf(run([{ from: null }], { databases: [] }), [], START);
    expect(lanes.map(({ bars }) => bars)).toEqual([[]]);
  });
});
