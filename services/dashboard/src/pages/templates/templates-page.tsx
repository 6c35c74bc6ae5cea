import type { Template } from '@eden/client';
import { useEndpoints, useTemplates } from '../../data/definitions.js';
import { itemsOf } from '../../data/use-resource.js';
import { Link, path } from '../../navigation/link.js';
import type { Column } from '../../parts/list-table.js';
import { SearchedPage, type Narrowing } from '../../parts/searched-page.js';
import { Age } from '../../parts/time.js';
import { hasLevel, useCaller } from '../../session/use-session.js';
import { TEXTS } from '../../texts.js';
import { EndpointName } from '../endpoint/endpoint-name.js';
import { TEMPLATE_KINDS } from '../template/template-text.js';

const T = TEXTS.templates;

const COLUMNS: readonly Column<Template>[] = [
  {
    id: 'id',
    title: T.columns.id,
    width: 'minmax(200px, 3fr)',
    cell: ({ id, description }) => (
      <>
        <Link to={path('templates', id)}>{id}</Link> <span className="dim">{description}</span>
      </>
    ),
  },
  { id: 'kind', title: T.columns.kind, width: '150px', cell: ({ template }) => T.kinds[template.kind] },
  {
    id: 'endpoint',
    title: T.columns.endpoint,
    width: 'minmax(120px, 1fr)',
    cell: ({ template }) => <EndpointName uuid={template.endpoint_uuid} />,
  },
  {
    id: 'rollback',
    title: T.columns.rollback,
    width: '90px',
    cell: ({ rollback }) => (rollback === undefined ? '' : T.hasRollback),
  },
  { id: 'age', title: T.columns.age, width: '110px', cell: ({ updated_at: at }) => <Age at={at} /> },
];

/** Every statement that APIs and migrations are made of. */
export default function TemplatesPage() {
  const endpoints = itemsOf(useEndpoints());
  const mayCreate = hasLevel(useCaller(), 'Admin');
  const endpoint: Narrowing<Template> = {
    name: 'endpoint',
    label: T.columns.endpoint,
    all: T.anyEndpoint,
    options: endpoints.map(({ id }) => ({ value: id, says: id })),
    keeps: ({ template }, chosen) =>
      chosen === '' || endpoints.find(({ uuid }) => uuid === template.endpoint_uuid)?.id === chosen,
  };
  return (
    <SearchedPage
      texts={T}
      actions={mayCreate && <Add />}
      advice={mayCreate ? undefined : <p>{TEXTS.listing.askAnAdmin}</p>}
      list={useTemplates()}
      wordsOf={({ id, description }) => [id, description]}
      narrowings={[KIND, endpoint]}
      columns={COLUMNS}
    />
  );
}

const KIND: Narrowing<Template> = {
  name: 'kind',
  label: T.columns.kind,
  all: T.anyKind,
  options: TEMPLATE_KINDS.map((kind) => ({ value: kind, says: T.kinds[kind] })),
  keeps: ({ template }, chosen) => chosen === '' || template.kind === chosen,
};

function Add() {
  return (
    <Link className="button primary" to="/new/template">
      {T.create.verb}
    </Link>
  );
}
