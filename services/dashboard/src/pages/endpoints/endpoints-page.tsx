import type { Endpoint } from '@eden/client';
import { useMemo } from 'react';
import { useEndpoints } from '../../data/definitions.js';
import { Link, path } from '../../navigation/link.js';
import { ActButtons } from '../../parts/act-buttons.js';
import type { Column } from '../../parts/list-table.js';
import { SearchedPage, type Narrowing } from '../../parts/searched-page.js';
import { Age } from '../../parts/time.js';
import { hasLevel, useCaller } from '../../session/use-session.js';
import { TEXTS } from '../../texts.js';
import { NewEndpoint } from '../endpoint/endpoint-forms.js';
import { ENDPOINT_KINDS } from '../endpoint/endpoint-config.js';
import { placeOf } from '../endpoint/place-of.js';
import { AnswerMark, TestAll, useEndpointTests, type Answers } from './test-all.js';

const T = TEXTS.endpoints;

const COLUMNS: readonly Column<Endpoint>[] = [
  {
    id: 'id',
    title: T.columns.id,
    width: 'minmax(180px, 2fr)',
    cell: ({ id, description }) => (
      <>
        <Link to={path('endpoints', id)}>{id}</Link> <span className="dim">{description}</span>
      </>
    ),
  },
  { id: 'kind', title: T.columns.kind, width: '100px', cell: ({ kind }) => T.kinds[kind] },
  {
    id: 'place',
    title: T.columns.place,
    width: 'minmax(160px, 2fr)',
    cell: ({ config }) => <code>{placeOf(config)}</code>,
  },
  { id: 'age', title: T.columns.age, width: '110px', cell: ({ updated_at: at }) => <Age at={at} /> },
];

/** Whether each answers is a column once somebody has asked. */
function columnsWith(answers: Answers): readonly Column<Endpoint>[] {
  if (answers.size === 0) return COLUMNS;
  const answer = {
    id: 'answer',
    title: T.columns.answer,
    width: 'minmax(140px, 1fr)',
    cell: ({ uuid }: Endpoint) => <AnswerMark answer={answers.get(uuid)} />,
  };
  return COLUMNS.toSpliced(-1, 0, answer);
}

const KIND: Narrowing<Endpoint> = {
  name: 'kind',
  label: T.columns.kind,
  all: T.anyKind,
  options: ENDPOINT_KINDS.map((kind) => ({ value: kind, says: T.kinds[kind] })),
  keeps: ({ kind }, chosen) => chosen === '' || kind === chosen,
};

const ACTS = [
  {
    id: 'new',
    verb: T.create.verb,
    isPrimary: true,
    dialog: (onClose: () => void) => <NewEndpoint onClose={onClose} />,
  },
];

/** Every database and service that migrations reach. */
export default function EndpointsPage() {
  const mayCreate = hasLevel(useCaller(), 'Admin');
  const tests = useEndpointTests();
  const columns = useMemo(() => columnsWith(tests.answers), [tests.answers]);
  return (
    <SearchedPage
      texts={T}
      actions={mayCreate && <ActButtons acts={ACTS} />}
      advice={mayCreate ? undefined : <p>{TEXTS.listing.askAnAdmin}</p>}
      list={useEndpoints()}
      wordsOf={({ id, description, config }) => [id, description, placeOf(config)]}
      narrowings={[KIND]}
      columns={columns}
      above={(endpoints) => <TestAll {...{ endpoints, tests }} />}
    />
  );
}
