import type { Endpoint } from '@eden/client';
import { useMutation } from '@tanstack/react-query';
import { useSingleTry } from '../../data/connection.js';
import { ErrorNote } from '../../parts/error-note.js';
import { Fact, Facts } from '../../parts/facts.js';
import { StateMark } from '../../parts/state-mark.js';
import { duration } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { askEndpoint, type Report } from './ask-endpoint.js';

const T = TEXTS.endpoints.test;

/** Reaches it when somebody asks: each test is a connection, and stands in the audit. */
export function EndpointTest({ endpoint }: { readonly endpoint: Endpoint }) {
  const http = useSingleTry();
  const test = useMutation({ mutationFn: () => askEndpoint(http, endpoint.id) });
  return (
    <section className="block" aria-busy={test.isPending}>
      <div className="block-head">
        <h2>{T.title}</h2>
        <button
          type="button"
          className="button"
          aria-disabled={test.isPending}
          onClick={() => {
            if (!test.isPending) test.mutate();
          }}
        >
          {test.isPending ? TEXTS.working : T.verb}
        </button>
      </div>
      {test.isIdle && <p className="dim">{T.notYet}</p>}
      {test.isError && <ErrorNote error={test.error} />}
      {test.isSuccess && <Result report={test.data} isDatabase={endpoint.kind !== 'Http'} />}
    </section>
  );
}

function Result({ report, isDatabase }: { readonly report: Report; readonly isDatabase: boolean }) {
  const { latency_ms: latency, server_version: version, atomicity, preparing } = report;
  return (
    <div role="status">
      <Facts>
        <Fact name={T.connection}>
          <StateMark state={T.connected} tone="ok" />
        </Fact>
        <Fact name={T.latency}>{duration(latency)}</Fact>
        <Fact name={T.version}>{version}</Fact>
        <Fact name={T.promise}>{atomicity}</Fact>
        {isDatabase && (
          <Fact name={T.preparing}>
            {preparing.possible ? T.slots(preparing.slots_free, preparing.max_prepared_transactions) : T.notPossible}
          </Fact>
        )}
      </Facts>
      {preparing.reasons.length > 0 && (
        <div className="note note-waiting">
          <ul>
            {preparing.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
