import type { WebhookDelivery } from '@eden/client';
import { useState } from 'react';
import { useList } from '../../data/use-resource.js';
import { Code } from '../../parts/code.js';
import { Dialog } from '../../parts/dialog.js';
import { Doing } from '../../parts/doing.js';
import { Fact, Facts } from '../../parts/facts.js';
import { Listed } from '../../parts/listed.js';
import type { Column } from '../../parts/list-table.js';
import { Empty } from '../../parts/loaded.js';
import { StateMark, type Tone } from '../../parts/state-mark.js';
import { Age, Moment } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';

const T = TEXTS.deliveries;
/** A try takes a moment. */
const SHORTEST_WAIT_MS = 2_000;
const TONES: Readonly<Record<WebhookDelivery['state'], Tone>> = { pending: 'waiting', delivered: 'ok', dead: 'failed' };

/** What it was told, what is on its way, and what was given up. */
export function Deliveries({ webhook }: { readonly webhook: string }) {
  const [shown, setShown] = useState<WebhookDelivery | null>(null);
  const [again, setAgain] = useState<WebhookDelivery | null>(null);
  const list = useList({
    key: ['deliveries', webhook],
    page: (http, query, signal) =>
      http.GET('/api/v1/iam/webhooks/{webhook}/deliveries', { params: { path: { webhook }, query }, signal }),
    everyMs: dueInMs,
  });
  return (
    <section className="block">
      <div className="block-head">
        <h2>{T.title}</h2>
        <button
          type="button"
          className="button"
          aria-disabled={list.isFetching}
          onClick={() => void (!list.isFetching && list.refetch())}
        >
          {T.look}
        </button>
      </div>
      <Listed
        list={list}
        label={T.list}
        columns={columnsWith(setShown, setAgain)}
        keyOf={({ uuid }) => uuid}
        empty={
          <Empty title={T.empty}>
            <p>{T.emptyAdvice}</p>
          </Empty>
        }
      />
      {shown !== null && <Delivery delivery={shown} onClose={() => setShown(null)} />}
      {again !== null && <Again {...{ webhook }} delivery={again} onClose={() => setAgain(null)} />}
    </section>
  );
}

/** Until the next try; 0 where there will be none. */
function dueInMs(deliveries: readonly WebhookDelivery[]): number {
  const due = deliveries.filter(({ state }) => state === 'pending').map(({ next_attempt_at: at }) => msUntil(at));
  return due.length === 0 ? 0 : Math.max(SHORTEST_WAIT_MS, Math.min(...due));
}

function msUntil(at: string | null): number {
  return at === null ? 0 : Date.parse(at) - Date.now();
}

type Choose = (delivery: WebhookDelivery) => void;

function columnsWith(show: Choose, redeliver: Choose): readonly Column<WebhookDelivery>[] {
  return [
    {
      id: 'type',
      title: T.columns.type,
      width: 'minmax(150px, 1fr)',
      cell: (delivery) => (
        <button type="button" className="link" onClick={() => show(delivery)}>
          {delivery.type}
        </button>
      ),
    },
    { id: 'state', title: T.columns.state, width: '120px', cell: (delivery) => <State delivery={delivery} /> },
    { id: 'answer', title: T.columns.answer, width: 'minmax(140px, 2fr)', cell: answerOf },
    { id: 'attempts', title: T.columns.attempts, width: '60px', isNumber: true, cell: ({ attempts }) => attempts },
    { id: 'age', title: T.columns.age, width: '100px', cell: ({ at }) => <Age at={at} /> },
    {
      id: 'again',
      title: T.again.verb,
      width: '110px',
      cell: (delivery) =>
        delivery.state === 'pending' ? null : (
          <button type="button" className="link link-act" onClick={() => redeliver(delivery)}>
            {T.again.verb}
          </button>
        ),
    },
  ];
}

function State({ delivery: { state } }: { readonly delivery: WebhookDelivery }) {
  return <StateMark state={T.states[state]} tone={TONES[state]} />;
}

function answerOf({ last_status: status, last_error: error }: WebhookDelivery): string {
  return [status, error].filter((part) => part !== null).join(' · ');
}

function Delivery({ delivery, onClose }: { readonly delivery: WebhookDelivery; readonly onClose: () => void }) {
  const { uuid, type, at, data, attempts, next_attempt_at: next, finished_at: finished } = delivery;
  return (
    <Dialog title={type} onClose={onClose} wide>
      <Facts>
        <Fact name={T.columns.state}>
          <State delivery={delivery} />
        </Fact>
        <Fact name={T.columns.answer}>{answerOf(delivery) || TEXTS.none}</Fact>
        <Fact name={T.columns.attempts}>{attempts}</Fact>
        <Fact name={T.columns.age}>
          <Moment at={at} />
        </Fact>
        {finished === null && next !== null && (
          <Fact name={T.next}>
            <Moment at={next} />
          </Fact>
        )}
        {finished !== null && (
          <Fact name={T.finished}>
            <Moment at={finished} />
          </Fact>
        )}
        <Fact name={T.id}>
          <code>{uuid}</code>
        </Fact>
      </Facts>
      <Code label={T.body} text={JSON.stringify(data, null, 2)} />
    </Dialog>
  );
}

interface AgainProps {
  readonly webhook: string;
  readonly delivery: WebhookDelivery;
  readonly onClose: () => void;
}

function Again({ webhook, delivery: { uuid, type }, onClose }: AgainProps) {
  const params = { path: { webhook, delivery: uuid } };
  return (
    <Doing
      title={T.again.title(type)}
      consequences={T.again.what}
      verb={T.again.verb}
      work={(http) => http.POST('/api/v1/iam/webhooks/{webhook}/deliveries/{delivery}/redeliver', { params, body: {} })}
      changes={['deliveries']}
      done={T.again.done}
      onClose={onClose}
    />
  );
}
