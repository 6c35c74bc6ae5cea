import { TEXTS } from '../texts.js';

/** What a state means to whoever has to act. Each has a shape of its own beside its colour. */
export type Tone = 'ok' | 'running' | 'waiting' | 'failed' | 'doubt' | 'idle';

const TONES: Readonly<Record<string, Tone>> = {
  Pending: 'idle',
  'In Progress': 'running',
  Completed: 'ok',
  Failed: 'failed',
  'Rolled Back': 'idle',
  queued: 'waiting',
  waiting_for_lock: 'waiting',
  running: 'running',
  paused: 'waiting',
  prepared: 'running',
  committing: 'running',
  succeeded: 'ok',
  failed: 'failed',
  aborting: 'failed',
  compensating: 'failed',
  cancelled: 'idle',
  in_doubt: 'doubt',
  pending: 'idle',
  rolled_back: 'idle',
  applied: 'ok',
  changed: 'failed',
  missing: 'failed',
  refused: 'failed',
};

const SHAPES: Readonly<Record<Tone, string>> = {
  ok: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Z',
  running: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm0 1.8a4.7 4.7 0 0 0 0 9.4Z',
  waiting: 'M2 1.5h12L8.8 8l5.2 6.5H2L7.2 8Z',
  failed: 'M8 1.5 15 14H1Z',
  doubt: 'M8 1 15 8 8 15 1 8Z',
  idle: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11Zm0 1.6a3.9 3.9 0 1 0 0 7.8 3.9 3.9 0 0 0 0-7.8Z',
};

export function toneOf(state: string): Tone {
  return TONES[state] ?? 'idle';
}

/** A state in words and as a mark. */
export function StateMark({ state, tone = toneOf(state) }: { readonly state: string; readonly tone?: Tone }) {
  return (
    <span className={`state tone-${tone}`}>
      <ToneShape tone={tone} />
      {TEXTS.states[state] ?? state}
    </span>
  );
}

export function ToneShape({ tone }: { readonly tone: Tone }) {
  return (
    <svg className={`tone-shape tone-${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[tone]} />
    </svg>
  );
}
