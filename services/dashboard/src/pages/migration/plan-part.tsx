import { ApiError, type Migration, type Plan } from '@eden/client';
import type { UseQueryResult } from '@tanstack/react-query';
import { useResource } from '../../data/use-resource.js';
import { bytes } from '../../parts/bytes.js';
import { Code } from '../../parts/code.js';
import { Disclosure } from '../../parts/disclosure.js';
import { Fact, Facts } from '../../parts/facts.js';
import { Findings } from '../../parts/findings.js';
import { Empty, Loaded } from '../../parts/loaded.js';
import { duration, Moment } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { ApprovalFact } from './approval.js';

const T = TEXTS.migration;
/** Enough to tell one plan from another. */
export const SHOWN_OF_HASH = 16;
type PlannedBinding = Plan['apis'][number]['bindings'][number];
type Rehearsed = NonNullable<Plan['rehearsal']>['databases'][number];

/** Null where there is none. */
export function usePlan({ id, uuid }: Migration): UseQueryResult<Plan | null> {
  return useResource<Plan | null>({
    key: ['plan', uuid],
    read: async (http, signal) => {
      try {
        const params = { path: { migration: id } };
        const { data, response } = await http.GET('/api/v1/migrations/{migration}/plan', { params, signal });
        // As text it is for those who ask for it so.
        return typeof data === 'object' ? { data, response } : { response };
      } catch (error) {
        if (error instanceof ApiError && error.code === 'PLAN_NOT_FOUND')
          return { data: { data: null }, response: new Response() };
        throw error;
      }
    },
  });
}

/** What a migrate will do, database by database, before it does. */
export function PlanPart({ migration }: { readonly migration: Migration }) {
  return (
    <Loaded query={usePlan(migration)}>
      {(plan) => (plan === null ? <NoPlan /> : <PlanView {...{ plan, migration }} />)}
    </Loaded>
  );
}

function NoPlan() {
  return (
    <Empty title={T.noPlan}>
      <p>{T.noPlanAdvice}</p>
    </Empty>
  );
}

interface PlanViewProps {
  readonly plan: Plan;
  readonly migration: Migration;
}

function PlanView({ plan, migration }: PlanViewProps) {
  const bindings = plan.apis.flatMap((api) => api.bindings);
  return (
    <>
      {!plan.current && (
        <section className="note note-waiting">
          <p className="note-title">{T.planStale}</p>
        </section>
      )}
      <PlanFacts {...{ plan, migration }} steps={bindings.length} />
      <p className="dim plan-promise">{T.levelWhat[plan.atomicity]}</p>
      <Findings findings={plan.findings ?? []} />
      {bindings.length === 0 && <Empty title={T.emptyPlan} />}
      {plan.databases.map((database) => (
        <PlannedDatabase key={database.key} database={database} plan={plan} />
      ))}
      <Elsewhere plan={plan} />
      {plan.later_parts.length > 0 && <LaterParts parts={plan.later_parts} />}
    </>
  );
}

function PlanFacts({ plan, migration, steps }: PlanViewProps & { readonly steps: number }) {
  const found = [...plan.apis.flatMap((api) => api.bindings), ...plan.databases];
  const findings = found.reduce((sum, { findings: some }) => sum + some.length, plan.findings?.length ?? 0);
  const { rehearsal } = plan;
  return (
    <Facts>
      <Fact name={TEXTS.releases.columns.level}>{T.level[plan.atomicity]}</Fact>
      <Fact name={T.databases}>{plan.databases.length}</Fact>
      <Fact name={TEXTS.run.stepsTitle}>{steps}</Fact>
      <Fact name={T.findingsTitle}>{findings === 0 ? T.noFindings : T.findings(findings)}</Fact>
      <ApprovalFact migration={migration} />
      <Fact name={T.rehearsed}>
        {rehearsal === undefined ? <span className="dim">{T.notRehearsed}</span> : <Moment at={rehearsal.at} />}
      </Fact>
      {rehearsal !== undefined && <Fact name={T.gatesClosed}>{duration(rehearsal.gates_closed_ms)}</Fact>}
      <Fact name={T.planHash}>
        <code>{plan.hash.slice(0, SHOWN_OF_HASH)}</code>
      </Fact>
    </Facts>
  );
}

function LaterParts({ parts }: { readonly parts: Plan['later_parts'] }) {
  return (
    <section className="block">
      <h2>{T.later}</h2>
      {parts.map((part, index) => (
        <ol key={index} className="plan-steps">
          {part.map((binding, at) => (
            <PlannedStep key={at} binding={binding} api={null} />
          ))}
        </ol>
      ))}
    </section>
  );
}

interface PlannedDatabaseProps {
  readonly database: Plan['databases'][number];
  readonly plan: Plan;
}

function PlannedDatabase({ database, plan }: PlannedDatabaseProps) {
  const { endpoint, database: name, role, server_version: version, findings } = database;
  const { last_resource: isLast, reason } = database;
  const steps = stepsAt(plan, (at) => at === endpoint);
  const rehearsed = plan.rehearsal?.databases.find(({ key }) => key === database.key);
  return (
    <section className="block">
      <h2>
        {steps[0]?.binding.endpoint_id ?? name} <span className="dim plan-database">{name}</span>
      </h2>
      <p className="dim">
        {T.database.version} {version} · {T.database.role} {role}
        {isLast && ` · ${reason ?? T.database.last}`}
      </p>
      <Findings findings={findings} />
      <ol className="plan-steps">
        {steps.map(({ key, api, binding }) => (
          <PlannedStep key={key} api={api} binding={binding} />
        ))}
      </ol>
      {rehearsed !== undefined && <Locks rehearsed={rehearsed} />}
    </section>
  );
}

/** What a rehearsal has found locked there, and for how long. */
function Locks({ rehearsed: { locks, vote_ms: voteMs, wal_bytes: walBytes } }: { readonly rehearsed: Rehearsed }) {
  return (
    <Disclosure title={T.locks(locks.length)}>
      <ul className="plan-locks">
        {locks.map(({ object, mode, step, held_ms: heldMs }, index) => (
          <li key={index}>
            <code>{object}</code> {mode}{' '}
            <span className="dim">
              {T.held(duration(heldMs))}
              {step !== '' && ` · ${step}`}
            </span>
          </li>
        ))}
        <li className="dim">{T.vote(duration(voteMs), walBytes === null ? null : bytes(walBytes))}</li>
      </ul>
    </Disclosure>
  );
}

/** What runs at endpoints that lead to none of the databases by themselves: another one leads there too. */
function Elsewhere({ plan }: { readonly plan: Plan }) {
  const known = new Set(plan.databases.map(({ endpoint }) => endpoint));
  const steps = stepsAt(plan, (endpoint) => !known.has(endpoint));
  if (steps.length === 0) return null;
  return (
    <section className="block">
      <h2>{[...new Set(steps.map(({ binding }) => binding.endpoint_id))].join(', ')}</h2>
      <ol className="plan-steps">
        {steps.map(({ key, api, binding }) => (
          <PlannedStep key={key} api={api} binding={binding} />
        ))}
      </ol>
    </section>
  );
}

function stepsAt(plan: Plan, isHere: (endpoint: string) => boolean) {
  return plan.apis.flatMap(({ api, api_id: id, bindings }) =>
    bindings.flatMap((binding, index) =>
      isHere(binding.endpoint) ? [{ key: `${api} ${index}`, api: id, binding }] : [],
    ),
  );
}

function PlannedStep({ binding, api }: { readonly binding: PlannedBinding; readonly api: string | null }) {
  const { statements, outside, fields, findings, silenced = [] } = binding;
  const name = nameOf(binding);
  return (
    <li>
      <Disclosure
        title={
          <>
            <code className="plan-name">{name}</code> <span className="dim">{notesOf(binding, api)}</span>
          </>
        }
      >
        {outside !== undefined && (
          <p className="dim">{outside.undo === null ? T.noUndo : `${T.undo} ${outside.undo}`}</p>
        )}
        {Object.keys(fields).length > 0 && <Code label={T.fields} text={JSON.stringify(fields, null, 2)} />}
        <Code label={name} text={statements.join(';\n\n')} line={findings[0]?.line} />
      </Disclosure>
      <Findings {...{ findings, silenced }} />
    </li>
  );
}

function nameOf({ file, template_id: template }: PlannedBinding): string {
  return file ?? template ?? '';
}

/** Its API, class, place in the transaction, how much there is of it. */
function notesOf(binding: PlannedBinding, api: string | null): string {
  const { class: kind, outside, estimated_rows: rows, statements, rehearsed } = binding;
  const notes = [
    ...(api === null || api === nameOf(binding) ? [] : [api]),
    kind,
    ...(outside === undefined ? [] : [T.outside(outside.phase)]),
    ...(rows === null ? [] : [T.estimated(rows)]),
    T.statements(statements.length),
    ...(rehearsed === undefined ? [] : [T.rehearsedStep(rehearsed.rows, duration(rehearsed.execution_time_ms))]),
  ];
  return notes.join(' · ');
}
