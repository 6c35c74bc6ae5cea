import type { Plan } from '@eden/client';
import { posix } from 'node:path';
import { stepName } from './plan.js';
import { printable } from './table.js';

type PlannedBinding = Plan['apis'][number]['bindings'][number];

/** Where the folders of sources lie in the working tree, by the ids of the sources. */
type Paths = Readonly<Record<string, string>>;

interface Step {
  readonly api: string;
  readonly binding: PlannedBinding;
}

function stepsOf({ apis, later_parts: later }: Plan): Step[] {
  const first = apis.flatMap(({ api_id: api, bindings }) => bindings.map((binding) => ({ api, binding })));
  return [...first, ...later.flat().map((binding) => ({ api: binding.source ?? '', binding }))];
}

/** The file in the working tree; of a template there is none. */
function fileOf({ source, file }: PlannedBinding, paths: Paths): string | null {
  if (file === undefined) return null;
  const folder = paths[source ?? ''];
  return folder === undefined ? file : posix.join(folder, file);
}

const LEVELS: Readonly<Record<string, string>> = { danger: 'error', warning: 'warning' };

/** The findings of a plan as SARIF 2.1.0, which code scanning shows beside the lines of a pull request. */
export function renderPlanSarif(release: string, plan: Plan, paths: Paths): string {
  const found = stepsOf(plan).flatMap((step) => findingsOf(step.binding).map((finding) => ({ ...step, finding })));
  const rules = [...new Set(found.map(({ finding }) => finding.rule))].map((id) => ({ id }));
  const results = found.map(({ api, binding, finding: { rule, severity, message, line, reason } }) => ({
    ruleId: rule,
    level: LEVELS[severity] ?? 'warning',
    message: { text: printable(`${api}, ${stepName(binding)}: ${message}`) },
    locations: locationsOf(binding, paths, line),
    ...(reason === undefined ? {} : { suppressions: [{ kind: 'inSource', justification: printable(reason) }] }),
  }));
  const driver = { name: 'eden', rules };
  const run = { tool: { driver }, automationDetails: { id: `eden/${release}/${plan.hash}` }, results };
  const document = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return JSON.stringify(document, null, 2);
}

type Finding = PlannedBinding['findings'][number] & { readonly reason?: string };

/** With those that comments have silenced, which have a reason. */
function findingsOf({ findings, silenced = [] }: PlannedBinding): readonly Finding[] {
  return [...findings, ...silenced];
}

/** A finding that is about no line is about the file, and stands at its beginning. */
function locationsOf(binding: PlannedBinding, paths: Paths, line = 1): object[] {
  const file = fileOf(binding, paths);
  if (file === null) return [{ logicalLocations: [{ name: stepName(binding), kind: 'template' }] }];
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: line } } }];
}

/** A plan as JUnit: each step is a case; it fails where a finding is one of danger. */
export function renderPlanJunit(release: string, plan: Plan, paths: Paths): string {
  const steps = stepsOf(plan);
  const failures = steps.filter(({ binding }) => hasDanger(binding)).length;
  const cases = steps.map(({ api, binding }) => junitCase(api, binding, paths));
  const counts = `tests="${steps.length}" failures="${failures}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${xml(`eden plan of ${release}`)}" ${counts}>`,
    ...cases.flat(),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function hasDanger({ findings }: PlannedBinding): boolean {
  return findings.some(({ severity }) => severity === 'danger');
}

function junitCase(api: string, binding: PlannedBinding, paths: Paths): string[] {
  const file = fileOf(binding, paths);
  const place = file === null ? '' : ` file="${xml(file)}"`;
  const head = `    <testcase classname="${xml(api)}" name="${xml(stepName(binding))}"${place}`;
  const findings = findingsOf(binding);
  if (findings.length === 0) return [`${head}/>`];
  const lines = findings.map(({ rule, severity, message, reason }) =>
    severity === 'danger' && reason === undefined
      ? `      <failure type="${xml(rule)}" message="${xml(message)}"/>`
      : `      <system-out>${xml(`${severity}: ${message} (${silencedRule(rule, reason)})`)}</system-out>`,
  );
  return [`${head}>`, ...lines, '    </testcase>'];
}

function silencedRule(rule: string, reason: string | undefined): string {
  return reason === undefined ? rule : `${rule}, silenced: ${reason}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Without control characters, which XML cannot hold. */
function xml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
