import type { Plan } from '@eden/client';
import type { Terminal } from '../terminal.js';
import { printable, renderTable } from './table.js';

type PlannedBinding = Plan['apis'][number]['bindings'][number];

const LEVELS: Readonly<Record<string, string>> = {
  atomic: 'all databases commit or none does',
  compensated: 'steps outside the transactions are undone when it fails',
  'best effort': 'parts commit one after the other',
};
const CLASSES: Readonly<Record<string, string>> = {
  '2pc': 'in the transaction',
  'one-phase': 'in the transaction',
  compensable: 'outside, can be undone',
  irreversible: 'outside, cannot be undone',
};

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
      binding.estimated_rows,
      CLASSES[binding.class] ?? binding.class,
      firstLine(binding),
    ]),
  );
  const stepTable =
    steps.length === 0
      ? 'Nothing to run.'
      : renderTable(['STAGE', 'ENDPOINT', 'API', 'STEP', 'ROWS', 'HOW', 'STATEMENT'], steps);
  return [head, ...stale, '', renderDatabases(plan), '', stepTable, ...renderFindings(terminal, plan)].join('\n');
}

function renderDatabases({ databases, apis }: Plan): string {
  const bindings = apis.flatMap((api) => api.bindings);
  const nameOf = (uuid: string): string | undefined => bindings.find(({ endpoint }) => endpoint === uuid)?.endpoint_id;
  const rows = databases.map(({ endpoint, database, role, server_version: version, last_resource: isLast }) => [
    nameOf(endpoint),
    database,
    role,
    version,
    isLast ? 'commits last, by itself' : 'two-phase',
  ]);
  return renderTable(['ENDPOINT', 'DATABASE', 'AS', 'SERVER', 'COMMIT'], rows);
}

function renderFindings(terminal: Terminal, plan: Plan): string[] {
  const lines = findingsOf(plan).map(({ severity, text }) =>
    terminal.style(severity === 'danger' ? 'red' : 'yellow', `  ${severity}: ${text}`),
  );
  return lines.length === 0 ? [] : ['', 'Look out for:', ...lines];
}

function findingsOf(plan: Plan): { severity: string; text: string }[] {
  return plan.apis.flatMap(({ api_id: api, bindings }) =>
    bindings.flatMap((binding) =>
      binding.findings.map(({ rule, severity, message }) => ({
        severity,
        text: printable(`${api}, ${stepName(binding)}: ${message} (${rule})`),
      })),
    ),
  );
}

/** A template, or a file of a source. */
export function stepName(step: { readonly template_id: string | null; readonly file?: string }): string {
  return step.file ?? step.template_id ?? '';
}

function firstLine({ statements }: PlannedBinding): string {
  const [first = '', ...more] = statements;
  const text = first.replace(/\s+/g, ' ').trim();
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return more.length === 0 ? short : `${short} (+${more.length})`;
}

/** For the comment of a pull request. */
export function renderPlanMarkdown(release: string, plan: Plan): string {
  const rows = plan.apis.flatMap(({ api_id: api, stage, bindings }) =>
    bindings.map(
      (binding) =>
        `| ${stage} | ${cell(binding.endpoint_id)} | ${cell(api)} | ${cell(stepName(binding))} | ${binding.estimated_rows ?? '–'} | ${CLASSES[binding.class] ?? binding.class} |`,
    ),
  );
  const findings = findingsOf(plan).map(({ severity, text }) => `- **${severity}**: ${html(text)}`);
  return [
    `### Eden plan of \`${release}\``,
    '',
    `**${plan.atomicity}** over ${plan.databases.length} database${plan.databases.length === 1 ? '' : 's'}: ${LEVELS[plan.atomicity] ?? ''}.`,
    '',
    ...(rows.length === 0
      ? ['Nothing to run.']
      : ['| stage | endpoint | API | step | rows | how |', '| --- | --- | --- | --- | --- | --- |', ...rows]),
    ...(findings.length === 0 ? [] : ['', '#### Look out for', '', ...findings]),
    ...statementBlocks(plan),
    '',
    `<sub>plan ${plan.hash.slice(0, 12)}</sub>`,
  ].join('\n');
}

function statementBlocks(plan: Plan): string[] {
  const blocks = plan.apis.flatMap(({ api_id: api, bindings }) =>
    bindings.map((binding) => {
      const sql = binding.statements.join(';\n');
      const fence = '`'.repeat(Math.max(3, ...[...sql.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
      return [
        `<details><summary>${html(`${api}, ${stepName(binding)}`)}</summary>`,
        '',
        `${fence}sql`,
        sql,
        fence,
        '',
        '</details>',
      ];
    }),
  );
  return blocks.length === 0 ? [] : ['', ...blocks.flat()];
}

/** Ids cannot break out of a table, but file names and database names might. */
function cell(text: string): string {
  return html(text).replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

function html(text: string): string {
  return printable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
