import { useResource } from '../../data/use-resource.js';
import { Link, path } from '../../navigation/link.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead } from '../../parts/page-head.js';
import { StateMark } from '../../parts/state-mark.js';
import { TEXTS } from '../../texts.js';
import { isOver, PROGRESS_MS } from './run-time.js';
import { RunView } from './run-view.js';

/** One run by itself, with an address of its own. */
export default function RunPage({ run: uuid }: { readonly run: string }) {
  const run = useResource({
    key: ['run', uuid],
    read: (http, signal) => http.GET('/api/v1/runs/{run}', { params: { path: { run: uuid } }, signal }),
    everyMs: (data) => (isOver(data) ? 0 : PROGRESS_MS),
  });
  return (
    <Loaded query={run}>
      {(data) => (
        <>
          <PageHead
            title={TEXTS.run.title(TEXTS.runs.kinds[data.kind] ?? data.kind, data.migration_id)}
            above={<Link to={path('migrations', data.migration_id)}>{data.migration_id}</Link>}
            beside={<StateMark state={data.state} />}
          />
          <RunView run={data} plan={null} />
        </>
      )}
    </Loaded>
  );
}
