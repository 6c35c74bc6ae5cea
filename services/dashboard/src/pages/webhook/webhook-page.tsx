import type { Webhook } from '@eden/client';
import { useResource } from '../../data/use-resource.js';
import { Link } from '../../navigation/link.js';
import { ActButtons } from '../../parts/act-buttons.js';
import { deletion } from '../../parts/delete.js';
import { Doing } from '../../parts/doing.js';
import { Fact, Facts } from '../../parts/facts.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead } from '../../parts/page-head.js';
import { Moment } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { Deliveries } from './deliveries.js';

const T = TEXTS.webhooks;

/** One who is told: of what, and how that went. */
export default function WebhookPage({ webhook: uuid }: { readonly webhook: string }) {
  const query = useResource<Webhook>({
    key: ['webhook', uuid],
    read: (http, signal) => http.GET('/api/v1/iam/webhooks/{webhook}', { params: { path: { webhook: uuid } }, signal }),
  });
  return (
    <Loaded query={query} title={uuid}>
      {(webhook) => (
        <>
          <PageHead
            title={webhook.url}
            above={<Link to="/webhooks">{T.title}</Link>}
            beside={<span className="dim">{T.formats[webhook.format]}</span>}
            actions={<Acts webhook={webhook} />}
          />
          <Facts>
            <Fact name={T.columns.events}>{webhook.events.join(', ')}</Fact>
            <Fact name={T.columns.who}>{webhook.created_by}</Fact>
            <Fact name={TEXTS.definition.made}>
              <Moment at={webhook.created_at} />
            </Fact>
            <Fact name={TEXTS.fields.uuid}>
              <code>{webhook.uuid}</code>
            </Fact>
          </Facts>
          <Deliveries webhook={webhook.uuid} />
        </>
      )}
    </Loaded>
  );
}

function Acts({ webhook: { uuid, url } }: { readonly webhook: Webhook }) {
  const test = {
    id: 'test',
    verb: T.test.verb,
    dialog: (onClose: () => void) => (
      <Doing
        title={T.test.title(url)}
        consequences={T.test.what}
        verb={T.test.verb}
        work={(http) =>
          http.POST('/api/v1/iam/webhooks/{webhook}/test', { params: { path: { webhook: uuid } }, body: {} })
        }
        changes={['deliveries']}
        done={T.test.done}
        onClose={onClose}
      />
    ),
  };
  const remove = deletion({
    id: url,
    collection: 'webhooks',
    consequences: T.deleteWhat,
    work: (http) => http.DELETE('/api/v1/iam/webhooks/{webhook}', { params: { path: { webhook: uuid } } }),
  });
  return <ActButtons acts={[test, remove]} />;
}
