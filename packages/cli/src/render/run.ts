import type { Plan, Run, RunSummary } from '@eden/client';
import { describeDuration } from '../durations.js';
import type { Terminal } from '../terminal.js';
import { stepName } from './plan.js';
import { renderTable } from './table.js';

type RunApi = Run['apis'][number];
const BAR_WIDTH = 16;

/** `shop migrate succeeded in 1.2 s` */
export function describeRun(run: Run): string {
  const took = run.started_at === null || run.finished_at === null ? '' : ` in ${describeDuration(tookMs(run) ?? 0)}`;
  return `${run.migration_id} ${run.kind} ${run.state.replaceAll('_', ' ')}${took}`;
}

/** From its start to its end, or to now; null when it has not started. */
export function tookMs({ started_at: start, finished_at: end }: RunSummary, now = Date.now()): number | null {
  if (start === null) return null;
  return (end === null ? now : Date.parse(end)) - Date.parse(start);
}

/** A line per API: how far it is, with a bar. */
export function progressLines(terminal: Terminal, run: Run): string[] {
  const width = Math.max(0, ...run.apis.map(({ api_id: id }) => id.length));
  return run.apis.map((api) => {
    const done = api.bindings.filter(({ state }) => state === 'succeeded').length;
    const rows = api.bindings.reduce((sum, binding) => sum + binding.rows, 0);
    const bar = barOf(done, api.bindings.length);
    const state = terminal.style(styleOf(api.state), api.state.replace('_', ' '), 'stderr');
    return `  ${api.api_id.padEnd(width)}  ${bar} ${done}/${api.bindings.length}  ${rows} row${rows === 1 ? '' : 's'}  ${state}`;
  });
}

/** Every step of a run with the database that it runs in; endpoints are known from the plan. */
export function renderSteps(run: Run, plan: Plan | null): string {
  const rows = run.apis.flatMap((api) =>
    api.bindings.map((binding, index) => [
      endpointOf(plan, api, index),
      api.api_id,
      stepName(binding),
      binding.state.replace('_', ' '),
      binding.rows,
      describeDuration(binding.execution_time_ms),
    ]),
  );
  return renderTable(['ENDPOINT', 'API', 'STEP', 'STATE', 'ROWS', 'TIME'], rows);
}

function endpointOf(plan: Plan | null, { api }: RunApi, index: number): string | null {
  return plan?.apis.find((planned) => planned.api === api)?.bindings[index]?.endpoint_id ?? null;
}

function barOf(done: number, total: number): string {
  const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
}

export function styleOf(state: string): 'green' | 'red' | 'yellow' | 'dim' {
  if (['succeeded', 'Completed', 'applied'].includes(state)) return 'green';
  if (['failed', 'Failed', 'in_doubt', 'refused', 'changed', 'missing'].includes(state)) return 'red';
  return state === 'pending' || state === 'queued' ? 'dim' : 'yellow';
}
