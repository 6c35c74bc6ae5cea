/** The diagrams and tables of the run machine in the documents are made from packages/domain/src/run-machine.ts. */
import { register } from 'node:module';
import { holdSections, report } from './generated-sections.mjs';

register('../packages/locking/src/testing/typescript-hooks.js', import.meta.url);
const { RUN_STATE_RULES, RUN_STEPS, stateAfter, stepOf } = await import('../packages/domain/src/run-machine.ts');
const { RUN_OUTCOMES, RUNNABLE_FROM, UNDER_WAY } = await import('../packages/domain/src/run-outcomes.ts');

const KINDS = Object.keys(RUN_OUTCOMES);
const STEPS = Object.keys(RUN_STEPS).map((name) => ({ name, ...stepOf(name) }));

/** Mermaid ends a label at a colon or a semicolon. */
function diagram(edges) {
  const cut = edges.filter((edge) => /:.*:|;/.test(edge));
  if (cut.length > 0) throw new Error(`labels that Mermaid would cut: ${cut.join(', ')}`);
  return ['```mermaid', 'stateDiagram-v2', ...new Set(edges.map((edge) => `  ${edge}`)), '```'].join('\n');
}

/** The states that a run of this kind can be in. */
function statesOf(kind) {
  const states = new Set([RUN_STEPS.accept.to]);
  for (const state of states) {
    for (const { name } of STEPS) {
      const after = stateAfter(name, state, kind);
      if (after !== null) states.add(after);
    }
  }
  return states;
}

const STATES_OF = new Map(KINDS.map((kind) => [kind, statesOf(kind)]));

/** The kinds, where not every run in this state may take the step. */
function only(kinds, state) {
  const all = KINDS.filter((kind) => STATES_OF.get(kind).has(state));
  return all.every((kind) => kinds.includes(kind)) ? '' : ` (${kinds.join(', ')})`;
}

/** Without the steps in which a run stays where it is: the table has them. */
function runStates() {
  const moves = STEPS.filter(({ to }) => to !== 'same');
  const edges = moves.flatMap(({ from, to, when }) => {
    if (Object.keys(from).length === 0) return [`[*] --> ${to}: ${when}`];
    const reason = (state) => (typeof when === 'string' ? when : when[state]);
    return Object.entries(from).map(([state, kinds]) => `${state} --> ${to}: ${reason(state)}${only(kinds, state)}`);
  });
  const ends = Object.keys(RUN_STATE_RULES).filter((state) => RUN_STATE_RULES[state].slots.length === 0);
  return diagram([...edges, ...ends.map((state) => `${state} --> [*]`)]);
}

const MILESTONES = {
  started: 'T1',
  decided: 'T2',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  requeued: 'queued again',
};

/** From where a milestone finds the migration: T1 where it may start, the others where T1 has left it. */
function origins(kind, milestone) {
  const isUnderWay = milestone !== 'started' && RUN_OUTCOMES[kind].started.migration !== 'same';
  return isUnderWay ? [UNDER_WAY] : RUNNABLE_FROM[kind];
}

function migrationStates() {
  const id = (state) => state.replaceAll(' ', '');
  const edges = KINDS.flatMap((kind) =>
    Object.entries(RUN_OUTCOMES[kind]).flatMap(([milestone, outcome]) => {
      if (outcome === null || outcome.migration === 'same') return [];
      const from = origins(kind, milestone).filter((state) => state !== outcome.migration);
      return from.map((state) => `${id(state)} --> ${id(outcome.migration)}: ${kind}, ${MILESTONES[milestone]}`);
    }),
  );
  return diagram(['[*] --> Pending: created', ...edges]);
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function stepTable() {
  const places = (from) => Object.entries(from).map(([state, kinds]) => `\`${state}\`${only(kinds, state)}`);
  const rows = STEPS.map(({ name, from, to, guard, knowing, epoch, owner, slot, event }) => [
    `\`${name}\``,
    places(from).join(', ') || '–',
    to === 'same' ? 'stays' : `\`${to}\``,
    guard === 'owner' && knowing ? 'owner who knows the state' : guard === 'none' ? 'anybody' : guard,
    epoch === 'raise' ? 'raised' : 'kept',
    owner,
    slot.then === 'same' ? slot.of.join(', ') : `${slot.of.join(', ')} → ${slot.then}`,
    event === null ? '–' : `\`${event}\``,
  ]);
  return table(['step', 'from', 'to', 'guard', 'epoch', 'owner', 'slot', 'event'], rows);
}

function outcomeTable() {
  const rows = KINDS.flatMap((kind) =>
    Object.entries(RUN_OUTCOMES[kind]).flatMap(([milestone, outcome]) => {
      if (outcome === null) return [];
      const migration = outcome.migration === 'same' ? 'as it was' : `\`${outcome.migration}\``;
      return [[kind, MILESTONES[milestone], migration, outcome.memberships, outcome.definitions]];
    }),
  );
  return table(['run', 'milestone', 'migration', 'memberships', 'definitions'], rows);
}

const SECTIONS = {
  'run states': runStates,
  'migration states': migrationStates,
  'run steps': stepTable,
  'run outcomes': outcomeTable,
};

const contentOf = (name) => SECTIONS[name]?.() ?? null;

report([...(await holdSections('ARCHITECTURE.md', contentOf)), ...(await holdSections('docs/protocol.md', contentOf))]);
