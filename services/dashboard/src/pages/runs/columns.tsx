import type { ListedRun } from '@eden/client';
import { Link, path } from '../../navigation/link.js';
import type { Column } from '../../parts/list-table.js';
import { Progress } from '../../parts/progress.js';
import { StateMark } from '../../parts/state-mark.js';
import { Age, duration } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { tookMs } from '../run/run-time.js';

const { columns: TITLES, kinds } = TEXTS.runs;

export const RUN_COLUMNS: readonly Column<ListedRun>[] = [
  {
    id: 'kind',
    title: TITLES.kind,
    width: 'minmax(110px, 1fr)',
    cell: ({ uuid, kind }) => <Link to={path('runs', uuid)}>{kinds[kind] ?? kind}</Link>,
  },
  { id: 'state', title: TITLES.state, width: '170px', cell: ({ state }) => <StateMark state={state} /> },
  {
    id: 'progress',
    title: TITLES.progress,
    width: '140px',
    cell: ({ progress: { done, estimated } }) => <Progress done={done} of={estimated} label={TEXTS.run.progress} />,
  },
  {
    id: 'took',
    title: TITLES.took,
    width: '100px',
    isNumber: true,
    cell: (run) => {
      const took = tookMs(run, Date.now());
      return took === null ? '' : duration(took);
    },
  },
  { id: 'who', title: TITLES.who, width: 'minmax(80px, 1fr)', cell: ({ actor }) => actor },
  { id: 'age', title: TITLES.age, width: '110px', cell: ({ created_at: at }) => <Age at={at} /> },
];
