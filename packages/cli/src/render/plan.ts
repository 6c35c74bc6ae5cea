import type { Plan } from '@eden/client';
import { describeDuration } from '../durations.js';
import type { Terminal } from '../terminal.js';
import { printable, renderTable } from './table.js';

type PlannedBinding = Plan['apis'][number]['bindings'][number];
type PlannedDatabase = Plan['databases'][number];

const LEVELS: Readonly<Record<string, string>> = {
  atomic: 'all databases commit or none does',
  compensated: 'steps outside the transactions are undone when it fails',
  'best effort': 'what cannot be undone stays when it fails',
};
const CLASSES: Readonly<Record<string, string>> = {
  '2pc': 'in the transaction',
  'one-phase': 'in the transaction',
  compensable: 'can be undone',
  irreversible: 'cannot be undone',
};
const PHASES: Readonly<Record<string, string>> = {
  before: 'before the transaction',
  after: 'after the commit',
};

/** Where a step runs, and whether it goes again when the migration fails. */
function howOf({ class: atomicity, outside }: Pick<PlannedBinding, 'class' | 'outside'>): string {
  const how = CLASSES[atomicity] ?? atomicity;
  return outside === undefined ? how : `${PHASES[outside.phase] ?? outside.phase}, ${how}`;
}

/** A plan for whoever has to agree to it: what happens where, in which order, and what to look out for. */
export function renderPlan(terminal: Terminal, release: string, plan: Plan): string {
  const head = terminal.style('bold', `Plan of ${release}: ${plan.atomicity}, ${LEVELS[plan.atomicity] ?? ''}`);
  const stale = plan.current
    ? []
    : [terminal.style('yellow', 'This plan is out of date: the next sync makes another.')];
  const steps = plan.apis.flatMap(({ api_id: api, stage, bindings }) =>
    bindings.map((binding) => [
      stage,
      binding.endpoint_id,
      api,
      stepName(binding),
      rowsOf(binding),
      howOf(binding),
      firstLine(binding),
    ]),
  );
  const stepTable =
    steps.length === 0
      ? 'Nothing to run.'
      : renderTable(['STAGE', 'ENDPOINT', 'API', 'STEP', 'ROWS', 'HOW', 'STATEMENT'], steps);
  const rest = [
    ...baselinesOf(plan),
    ...renderRehearsal(plan),
    ...renderLaterParts(plan),
    ...renderFindings(terminal, plan),
  ];
  return [head, ...stale, '', renderDatabases(plan), '', stepTable, ...rest].join('\n');
}

/** Counted in a rehearsal, or by the planner of the database. */
function rowsOf({ estimated_rows: estimated, rehearsed }: PlannedBinding): string | number | null {
  return rehearsed === undefined ? estimated : `${rehearsed.rows} in ${describeDuration(rehearsed.execution_time_ms)}`;
}

type RehearsedLock = NonNullable<Plan['rehearsal']>['databases'][number]['locks'][number];

/** The locks that a rehearsal has seen, each with its database. */
function locksOf({ rehearsal, databases }: Plan): readonly (RehearsedLock & { readonly database: string })[] {
  return (rehearsal?.databases ?? []).flatMap(({ key, locks }) => {
    const database = databases.find((each) => each.key === key)?.database ?? key;
    return locks.map((lock) => ({ ...lock, database }));
  });
}

function rehearsalHead({ gates_closed_ms: closedMs, databases, at }: NonNullable<Plan['rehearsal']>): string {
  const wal = databases.reduce((sum, { wal_bytes: bytes }) => sum + (bytes ?? 0), 0);
  return `Rehearsed ${at}, and taken back: executions waited ${describeDuration(closedMs)}, servers wrote ${wal} bytes of log. Locks:`;
}

function renderRehearsal(plan: Plan): string[] {
  const { rehearsal } = plan;
  if (rehearsal === undefined) return [];
  const rows = locksOf(plan).map(({ database, object, mode, held_ms: ms, step }) => [
    database,
    object,
    mode,
    describeDuration(ms),
    step,
  ]);
  const table = rows.length === 0 ? 'none were seen' : renderTable(['DATABASE', 'TABLE', 'LOCK', 'HELD', 'FROM'], rows);
  return ['', rehearsalHead(rehearsal), table];
}

function rehearsalMarkdown(plan: Plan): string[] {
  const { rehearsal } = plan;
  if (rehearsal === undefined) return [];
  const rows = locksOf(plan).map(
    ({ database, object, mode, held_ms: ms, step }) =>
      `| ${cell(database)} | ${cell(object)} | ${cell(mode)} | ${describeDuration(ms)} | ${cell(step)} |`,
  );
  const table = ['| database | table | lock | held | from |', '| --- | --- | --- | --- | --- |', ...rows];
  return ['', '#### Rehearsal', '', rehearsalHead(rehearsal), '', ...(rows.length === 0 ? ['none were seen'] : table)];
}

/** What the next releases run, and why it waits. */
function renderLaterParts({ later_parts: parts }: Plan): string[] {
  if (parts.length === 0) return [];
  const rows = parts.flatMap((part, index) =>
    part.map((step) => [index + 2, step.endpoint_id, stepName(step), whyLater(step)]),
  );
  const head = `This is part 1 of ${parts.length + 1}, each atomic by itself; the next releases run the others:`;
  return ['', head, renderTable(['PART', 'ENDPOINT', 'STEP', 'WAITS FOR'], rows)];
}

/** Why a step cannot commit together with an earlier one; empty where it only stands behind one that cannot. */
function whyLater({ after }: PlannedBinding): string {
  return after === undefined ? '' : `${after.file}, which adds '${after.value}' to ${after.type}`;
}

/** What is written into histories and not run. */
function baselinesOf({ apis }: Plan): string[] {
  return apis.flatMap(({ api_id: api, baseline = [] }) => {
    const files = baseline.length === 1 ? '1 file' : `${baseline.length} files`;
    const text = `Noted as applied, and not run: ${files} of ${api}, up to ${baseline.at(-1) ?? ''}.`;
    return baseline.length === 0 ? [] : [printable(text)];
  });
}

function renderDatabases({ databases, apis }: Plan): string {
  const bindings = apis.flatMap((api) => api.bindings);
  const nameOf = (uuid: string): string | undefined => bindings.find(({ endpoint }) => endpoint === uuid)?.endpoint_id;
  const isBusy = ({ endpoint }: PlannedDatabase): boolean => nameOf(endpoint) !== undefined;
  const rows = databases
    .filter(isBusy)
    .map((planned) => [
      nameOf(planned.endpoint),
      planned.database,
      planned.role,
      planned.server_version,
      planned.last_resource ? 'commits last, by itself' : 'two-phase',
    ]);
  const idle = databases.filter((planned) => !isBusy(planned)).map(({ database }) => printable(database));
  return [
    ...(rows.length === 0 ? [] : [renderTable(['ENDPOINT', 'DATABASE', 'AS', 'SERVER', 'COMMIT'], rows)]),
    ...(idle.length === 0 ? [] : [`Nothing to run in ${idle.join(', ')}.`]),
  ].join('\n');
}

function renderFindings(terminal: Terminal, plan: Plan): string[] {
  const lines = findingsOf(plan).map(({ severity, text }) =>
    terminal.style(severity === 'danger' ? 'red' : 'yellow', `  ${severity}: ${text}`),
  );
  const silenced = silencedOf(plan).map((text) => terminal.style('dim', `  ${text}`));
  return [
    ...(lines.length === 0 ? [] : ['', 'Look out for:', ...lines]),
    ...(silenced.length === 0 ? [] : ['', 'Silenced by comments:', ...silenced]),
  ];
}

/** All steps with their names, also those of later parts, which come with the next releases. */
function namedSteps({ apis, later_parts: later }: Plan): { name: string; binding: PlannedBinding }[] {
  return [...apis, { api_id: 'later', bindings: later.flat() }].flatMap(({ api_id: api, bindings }) =>
    bindings.map((binding) => ({ name: `${api}, ${stepName(binding)}`, binding })),
  );
}

/** What comments take out of force, each with its reason. */
function silencedOf(plan: Plan): string[] {
  return namedSteps(plan).flatMap(({ name, binding }) =>
    (binding.silenced ?? []).map(({ rule, message, reason }) =>
      printable(`${name}: ${message} (${rule}, silenced: ${reason})`),
    ),
  );
}

function findingsOf(plan: Plan): { severity: string; text: string }[] {
  const found = [
    ...(plan.findings ?? []).map((finding) => ({ finding, of: '' })),
    ...plan.databases.flatMap(({ database, findings }) =>
      findings.map((finding) => ({ finding, of: `${database}: ` })),
    ),
    ...namedSteps(plan).flatMap(({ name, binding }) =>
      binding.findings.map((finding) => ({ finding, of: `${name}: ` })),
    ),
  ];
  return found.map(({ finding: { severity, message, rule }, of }) => ({
    severity,
    text: printable(`${of}${message} (${rule})`),
  }));
}

/** A template, or a file of a source. */
export function stepName(step: { readonly template_id: string | null; readonly file?: string }): string {
  return step.file ?? step.template_id ?? '';
}

function firstLine({ statements }: PlannedBinding): string {
  const [first = '', ...more] = statements;
  // Of a file the first lines are often its tool's own comments.
  const text = first
    .replace(/^(\s*(--.*)?\n)+/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return more.length === 0 ? short : `${short} (+${more.length})`;
}

/** For the comment of a pull request. */
export function renderPlanMarkdown(release: string, plan: Plan): string {
  const rows = plan.apis.flatMap(({ api_id: api, stage, bindings }) =>
    bindings.map(
      (binding) =>
        `| ${stage} | ${cell(binding.endpoint_id)} | ${cell(api)} | ${cell(stepName(binding))} | ${rowsOf(binding) ?? '–'} | ${howOf(binding)} |`,
    ),
  );
  const findings = findingsOf(plan).map(({ severity, text }) => `- **${severity}**: ${html(text)}`);
  const silenced = silencedOf(plan).map((text) => `- ${html(text)}`);
  return [
    `### Eden plan of \`${release}\``,
    '',
    `**${plan.atomicity}** over ${plan.databases.length} database${plan.databases.length === 1 ? '' : 's'}: ${LEVELS[plan.atomicity] ?? ''}.`,
    '',
    ...(rows.length === 0
      ? ['Nothing to run.']
      : ['| stage | endpoint | API | step | rows | how |', '| --- | --- | --- | --- | --- | --- |', ...rows]),
    ...rehearsalMarkdown(plan),
    ...laterPartsMarkdown(plan),
    ...baselinesOf(plan).flatMap((text) => ['', html(text)]),
    ...(findings.length === 0 ? [] : ['', '#### Look out for', '', ...findings]),
    ...(silenced.length === 0 ? [] : ['', '#### Silenced by comments', '', ...silenced]),
    ...statementBlocks(plan),
    '',
    `<sub>plan ${plan.hash.slice(0, 12)}</sub>`,
  ].join('\n');
}

function laterPartsMarkdown({ later_parts: parts }: Plan): string[] {
  if (parts.length === 0) return [];
  const rows = parts.flatMap((part, index) =>
    part.map(
      (step) => `| ${index + 2} | ${cell(step.endpoint_id)} | ${cell(stepName(step))} | ${cell(whyLater(step))} |`,
    ),
  );
  const head = `This is part 1 of ${parts.length + 1}, each atomic by itself; the next releases run the others:`;
  return ['', head, '', '| part | endpoint | step | waits for |', '| --- | --- | --- | --- |', ...rows];
}

function statementBlocks(plan: Plan): string[] {
  const blocks = namedSteps(plan).map(({ name, binding }) => {
    const sql = binding.statements.join(';\n');
    const fence = '`'.repeat(Math.max(3, ...[...sql.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
    return [`<details><summary>${html(name)}</summary>`, '', `${fence}sql`, sql, fence, '', '</details>'];
  });
  return blocks.length === 0 ? [] : ['', ...blocks.flat()];
}

/** Ids cannot break out of a table, but file names and database names might. */
function cell(text: string): string {
  return html(text).replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

function html(text: string): string {
  return printable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
