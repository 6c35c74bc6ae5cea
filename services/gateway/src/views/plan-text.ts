import { approvalOf } from '@eden/domain';
import type {
  AtomicityClass,
  AtomicityLevel,
  Migration,
  Plan,
  PlannedApi,
  PlannedBinding,
  PlannedDatabase,
  PlannedPart,
} from '@eden/domain';

/* A plan for whoever has to approve it: what happens where, in which order, what is locked and for how long, and what cannot be undone. */

type Lines = readonly string[];

const LEVELS: Readonly<Record<AtomicityLevel, string>> = {
  atomic: 'all databases commit or none does',
  compensated: 'steps outside the transactions are taken back when it fails',
  'best effort': 'what cannot be taken back stays when it fails',
};

const CLASSES: Readonly<Record<AtomicityClass, string>> = {
  '2pc': 'in the transaction',
  'one-phase': 'in the transaction, which cannot be prepared',
  compensable: 'can be taken back',
  irreversible: 'cannot be taken back',
};

export function planText(plan: Plan, migration: Migration): string {
  const names = endpointNames(plan);
  const sections: readonly Lines[] = [
    headOf(plan, migration),
    [
      'Databases, in the order in which their gates close:',
      ...numbered(plan.databases.map((each) => databaseText(each, names, plan))),
    ],
    ...stepSections(plan),
    titled('Noted as applied, and not run:', plan.apis.flatMap(baselineText)),
    titled(
      'Left to the next migrations of the same folders, one after the other:',
      (plan.laterParts ?? []).flatMap(partText),
    ),
    ['What is locked, and for how long:', ...indented(lockText(plan, names))],
    ['What cannot be undone:', ...indented(undoText(plan))],
    titled('Look out for:', findingsOf(plan)),
    titled('Silenced by comments:', silencedOf(plan)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headOf(plan: Plan, migration: Migration): Lines {
  const isCurrent = migration.planHash === plan.hash;
  return [
    `Plan of ${migration.id}: ${plan.atomicity}, ${LEVELS[plan.atomicity]}`,
    `Hash ${plan.hash}, made ${plan.createdAt}`,
    ...(isCurrent ? [] : ['This plan is out of date: the next sync makes another.']),
    ...(isCurrent ? approvalText(migration) : []),
  ];
}

function approvalText(migration: Migration): Lines {
  if (migration.options.approval !== true) return [];
  const approval = approvalOf(migration);
  if (approval === null) return ['It waits for the approval of somebody who has made nothing of it.'];
  return [`Approved by ${plain(approval.approvedBy)}, ${approval.approvedAt.toISOString()}.`];
}

function endpointNames({ apis }: Plan): ReadonlyMap<string, string> {
  return new Map(apis.flatMap(({ bindings }) => bindings.map(({ endpoint, endpointId }) => [endpoint, endpointId])));
}

function databaseText(
  { identity, endpoint, role, serverVersion, ...database }: PlannedDatabase,
  names: ReadonlyMap<string, string>,
  { databases, apis }: Plan,
): string {
  const how =
    database.class === 'last-resource'
      ? `commits ${databases.length > 1 ? 'by itself, once all others are prepared' : 'in one phase'}${database.reason === undefined ? '' : ` (${database.reason})`}`
      : 'is prepared, and commits with the others';
  const gates = apis.filter(({ api }) => database.gates.includes(api)).map(({ apiId }) => apiId);
  const waiting = gates.length === 0 ? 'no API reads it' : `executions of ${gates.join(', ')} wait`;
  return plain(
    `${identity.name} through ${names.get(endpoint) ?? endpoint}, as ${role}, server ${serverVersion}: ${how}; ${waiting}`,
  );
}

interface Step {
  readonly api: PlannedApi;
  readonly binding: PlannedBinding;
}

function stepsOf({ apis }: Pick<Plan, 'apis'>): readonly Step[] {
  return apis.flatMap((api) => api.bindings.map((binding) => ({ api, binding })));
}

function stepSections(plan: Plan): readonly Lines[] {
  const steps = stepsOf(plan);
  if (steps.length === 0) return [['Nothing to run.']];
  const at = (phase: 'before' | 'after' | undefined) => steps.filter(({ binding }) => binding.outside?.phase === phase);
  return [
    stepSection('Before the transaction, one after the other:', at('before')),
    stepSection('In the transaction; databases of one stage in parallel:', at(undefined)),
    stepSection('After the commit, one after the other:', at('after')),
  ];
}

function stepSection(title: string, steps: readonly Step[]): Lines {
  return steps.length === 0 ? [] : [title, ...steps.flatMap((step, index) => stepText(step, index + 1))];
}

function stepText({ api, binding }: Step, number: number): Lines {
  const { estimatedRows: rows, rehearsed } = binding;
  const facts = [
    CLASSES[binding.class],
    ...(rows === null ? [] : [`about ${rows} rows`]),
    ...(rehearsed === undefined ? [] : [`rehearsed: ${rehearsed.rows} rows in ${rehearsed.executionTimeMs} ms`]),
  ];
  const undo = binding.outside?.undo;
  return [
    '',
    plain(
      `  ${number}. stage ${api.stage}, ${api.apiId}: ${binding.templateId} on ${binding.endpointId} (${facts.join(', ')})`,
    ),
    ...binding.statements.flatMap(sqlText),
    ...(undo == null ? [] : ['     taken back by:', ...sqlText(undo)]),
  ];
}

function sqlText(statement: string): Lines {
  return statement.split('\n').map((line) => `       ${plain(line)}`.trimEnd());
}

function baselineText({ apiId, source }: PlannedApi): Lines {
  const { baseline = [] } = source ?? {};
  return baseline.length === 0 ? [] : [plain(`${apiId}: ${baseline.join(', ')}`)];
}

function partText(part: PlannedPart, index: number): Lines {
  return part.map(({ templateId, endpointId }) => plain(`part ${index + 2}: ${templateId} on ${endpointId}`));
}

function lockText({ rehearsal, databases }: Plan, names: ReadonlyMap<string, string>): Lines {
  if (databases.length === 0) return ['Nothing: no database takes part.'];
  const gates = 'The gates of the APIs named above are closed from the first statement to the commit.';
  if (rehearsal === undefined) {
    return [
      gates,
      'It was not rehearsed: which tables are locked, and for how long, nobody has seen. A sync with rehearse tells.',
    ];
  }
  const seen = rehearsal.databases.flatMap(({ key, locks, walBytes, voteMs }) => {
    const planned = databases.find(({ identity }) => identity.key === key);
    const name =
      planned === undefined
        ? key
        : `${planned.identity.name} through ${names.get(planned.endpoint) ?? planned.endpoint}`;
    const wal = walBytes === null ? '' : `, its server has written ${walBytes} bytes of log meanwhile`;
    return [
      plain(`${name}: voted in ${voteMs} ms${wal}`),
      ...(locks.length === 0 ? ['  no table locks were seen'] : []),
      ...locks.map(({ object, mode, step, heldMs }) =>
        plain(`  ${mode} on ${object} for ${heldMs} ms, from ${step} on`),
      ),
    ];
  });
  return [
    gates,
    `In the rehearsal of ${rehearsal.at} that took ${rehearsal.gatesClosedMs} ms; then all was rolled back.`,
    ...seen,
  ];
}

function undoText(plan: Plan): Lines {
  const steps = stepsOf(plan);
  const stays = steps.filter(({ binding }) => binding.outside !== undefined && binding.outside.undo === null);
  const final = steps.filter(({ binding }) => binding.findings.some(({ rule }) => rule === 'missing-rollback'));
  const lines = [
    ...stays.map(({ api, binding }) => `${api.apiId}, ${binding.templateId}: stays when the migration fails`),
    ...final.map(
      ({ api, binding }) =>
        `${api.apiId}, ${binding.templateId}: has no rollback, so the migration cannot be rolled back once it is completed`,
    ),
  ];
  return lines.length === 0 ? ['Nothing before the commit; after it, rollback undoes all.'] : lines.map(plain);
}

function findingsOf(plan: Plan): Lines {
  const ofPlan = (plan.findings ?? []).map(({ severity, message, rule }) => `${severity}: ${message} (${rule})`);
  const ofDatabases = plan.databases.flatMap(({ identity, findings = [] }) =>
    findings.map(({ severity, message, rule }) => `${severity}: ${identity.name}: ${message} (${rule})`),
  );
  const ofSteps = namedSteps(plan).flatMap(({ name, binding }) =>
    binding.findings.map(({ severity, message, rule }) => `${severity}: ${name}: ${message} (${rule})`),
  );
  return [...ofPlan, ...ofDatabases, ...ofSteps].map(plain);
}

function silencedOf(plan: Plan): Lines {
  return namedSteps(plan).flatMap(({ name, binding }) =>
    (binding.silenced ?? []).map(({ message, rule, reason }) => plain(`${name}: ${message} (${rule}): ${reason}`)),
  );
}

/** All steps with their names, also those of later parts, which come with the next migrations. */
function namedSteps({ apis, laterParts = [] }: Plan): readonly { name: string; binding: PlannedBinding }[] {
  return [...apis, { apiId: 'later', bindings: laterParts.flat() }].flatMap(({ apiId, bindings }) =>
    bindings.map((binding) => ({ name: `${apiId}, ${binding.templateId}`, binding })),
  );
}

function titled(title: string, lines: Lines): Lines {
  return lines.length === 0 ? [] : [title, ...indented(lines)];
}

function indented(lines: Lines): Lines {
  return lines.map((line) => `  ${line}`);
}

function numbered(lines: Lines): Lines {
  return lines.length === 0 ? ['  none'] : lines.map((line, index) => `  ${index + 1}. ${line}`);
}

/** Names and texts come from anybody: what would move a cursor or hide a line is shown as its number. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\t' ? character : `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  );
}
