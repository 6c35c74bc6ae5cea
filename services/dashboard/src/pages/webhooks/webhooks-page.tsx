import type { Webhook } from '@eden/client';
import { useAll } from '../../data/use-all.js';
import { Link, path } from '../../navigation/link.js';
import type { Column } from '../../parts/list-table.js';
import { SearchedPage } from '../../parts/searched-page.js';
import { Age } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { NewWebhookButton } from '../webhook/new-webhook.js';

const T = TEXTS.webhooks;

const COLUMNS: readonly Column<Webhook>[] = [
  {
    id: 'url',
    title: T.columns.url,
    width: 'minmax(200px, 2fr)',
    cell: ({ uuid, url }) => <Link to={path('webhooks', uuid)}>{url}</Link>,
  },
  { id: 'format', title: T.columns.format, width: '80px', cell: ({ format }) => T.formats[format] },
  { id: 'events', title: T.columns.events, width: 'minmax(200px, 3fr)', cell: ({ events }) => events.join(', ') },
  { id: 'who', title: T.columns.who, width: '120px', cell: ({ created_by: actor }) => actor },
  { id: 'age', title: T.columns.age, width: '110px', cell: ({ created_at: at }) => <Age at={at} /> },
];

/** Who is told of runs. */
export default function WebhooksPage() {
  const list = useAll({
    key: ['webhooks'],
    page: (http, query, signal) => http.GET('/api/v1/iam/webhooks', { params: { query }, signal }),
  });
  return (
    <SearchedPage
      texts={T}
      actions={<NewWebhookButton />}
      list={list}
      wordsOf={({ url, events }) => [url, ...events]}
      columns={COLUMNS}
    />
  );
}
