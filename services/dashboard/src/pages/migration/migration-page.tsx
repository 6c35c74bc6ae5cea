import type { Migration } from '@eden/client';
import { useMigration } from '../../data/use-migration.js';
import { Link, path } from '../../navigation/link.js';
import { Empty, Loaded } from '../../parts/loaded.js';
import { PageHead } from '../../parts/page-head.js';
import { StateMark } from '../../parts/state-mark.js';
import { Tabs } from '../../parts/tabs.js';
import { Age } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { isOver, PROGRESS_MS } from '../run/run-time.js';
import { RunView } from '../run/run-view.js';
import { MigrationActions } from './actions.js';
import { isAwaiting } from './approval.js';
import { DriftPart } from './drift-part.js';
import { HistoryPart } from './history-part.js';
import { LockPart } from './lock-part.js';
import { PlanPart, usePlan } from './plan-part.js';
import { SettingsPart } from './settings-part.js';
import { SourcesPart } from './sources-part.js';
import './migration.css';

const T = TEXTS.migration;
const PARTS = ['run', 'plan', 'sources', 'history', 'settings'] as const;

/** One migration: what runs, or ran last, comes first. */
export default function MigrationPage({
  migration: id,
  part = 'run',
}: {
  readonly migration: string;
  readonly part?: string;
}) {
  const query = useMigration(id, ({ run }) => (run === null || isOver(run) ? 0 : PROGRESS_MS));
  return (
    <Loaded query={query}>
      {(migration) => (
        <>
          <Head migration={migration} />
          <Tabs label={T.parts} current={part} tabs={tabsOf(migration)} />
          <Part migration={migration} part={part} />
        </>
      )}
    </Loaded>
  );
}

function tabsOf({ id, actions }: Migration) {
  const parts = actions.includes('drift') ? [...PARTS, 'drift' as const] : PARTS;
  return parts.map((part) => ({
    id: part,
    label: T.tabs[part],
    to: part === 'run' ? path('migrations', id) : path('migrations', id, part),
  }));
}

function Head({ migration }: { readonly migration: Migration }) {
  const { id, state, description, created_by: actor, created_at: at, atomicity } = migration;
  return (
    <>
      <PageHead
        title={id}
        above={<Link to="/">{T.up}</Link>}
        beside={
          <>
            <StateMark state={state} />
            {isAwaiting(migration) && <StateMark state={T.approval.awaited} tone="waiting" />}
          </>
        }
        actions={<MigrationActions migration={migration} />}
      />
      <p className="migration-sub">
        {description !== null && <span className="migration-description">{description}</span>}
        <span className="dim" title={T.levelWhat[atomicity ?? '']}>
          {T.level[atomicity ?? 'none']} · {T.made} {actor}, <Age at={at} />
        </span>
      </p>
    </>
  );
}

function Part({ migration, part }: { readonly migration: Migration; readonly part: string }) {
  switch (part) {
    case 'run':
      return <RunPart migration={migration} />;
    case 'plan':
      return <PlanPart migration={migration} />;
    case 'sources':
      return <SourcesPart migration={migration} />;
    case 'history':
      return <HistoryPart migration={migration} />;
    case 'settings':
      return <SettingsPart migration={migration} />;
    case 'drift':
      return <DriftPart migration={migration} />;
    default:
      return <Empty title={TEXTS.nowhere.what} />;
  }
}

function RunPart({ migration }: { readonly migration: Migration }) {
  const plan = usePlan(migration);
  const { run } = migration;
  if (run === null) {
    return (
      <Empty title={T.noRun}>
        <p>{T.noRunAdvice}</p>
      </Empty>
    );
  }
  return (
    <RunView run={run} plan={plan.data ?? null}>
      <LockPart migration={migration} />
    </RunView>
  );
}
