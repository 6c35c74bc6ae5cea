import type { Connection, Endpoint } from '@eden/client';
import { useMemo, useState } from 'react';
import { useSingleTry } from '../../data/connection.js';
import { useIsHere } from '../../navigation/use-is-here.js';
import { StateMark } from '../../parts/state-mark.js';
import { duration } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { askEndpoint } from '../endpoint/ask-endpoint.js';

const T = TEXTS.endpoints.testAll;
/** Each is a connection that the service opens. */
const AT_ONCE = 4;

/** In how many milliseconds it has answered, why it has not, or null while nobody knows yet. */
type Answer = { readonly latencyMs: number } | { readonly error: string } | null;
export type Answers = ReadonlyMap<Endpoint['uuid'], Answer>;

interface EndpointTests {
  readonly answers: Answers;
  readonly isBusy: boolean;
  readonly start: (endpoints: readonly Endpoint[]) => void;
}

/** Tests that are asked for, some at a time, as long as somebody looks at the page. */
export function useEndpointTests(): EndpointTests {
  const http = useSingleTry();
  const isHere = useIsHere();
  const [answers, setAnswers] = useState<Answers>(new Map());
  const [isBusy, setBusy] = useState(false);
  return useMemo(() => {
    const test = async (endpoint: Endpoint): Promise<void> => {
      const answer = await askOne(http, endpoint);
      setAnswers((known) => new Map(known).set(endpoint.uuid, answer));
    };
    const start = (endpoints: readonly Endpoint[]): void => {
      if (isBusy) return;
      setBusy(true);
      setAnswers(new Map(endpoints.map(({ uuid }) => [uuid, null])));
      const left = endpoints.values();
      const workers = Array.from({ length: AT_ONCE }, async () => {
        for (const endpoint of left) if (isHere()) await test(endpoint);
      });
      void Promise.all(workers).finally(() => setBusy(false));
    };
    return { answers, isBusy, start };
  }, [http, isHere, answers, isBusy]);
}

async function askOne(http: Connection, { id }: Endpoint): Promise<Answer> {
  try {
    return { latencyMs: (await askEndpoint(http, id)).latency_ms };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

interface TestAllProps {
  readonly endpoints: readonly Endpoint[];
  readonly tests: EndpointTests;
}

/** A button for those in the list that the reader may test, and how many of them have answered. */
export function TestAll({ endpoints, tests: { answers, isBusy, start } }: TestAllProps) {
  const testable = endpoints.filter(({ actions }) => actions.includes('test'));
  if (testable.length === 0) return null;
  const known = [...answers.values()].filter((answer) => answer !== null);
  const failed = known.filter((answer) => 'error' in answer).length;
  return (
    <p className="test-all">
      <button type="button" className="button" aria-disabled={isBusy} onClick={() => start(testable)}>
        {isBusy ? TEXTS.working : T.verb(testable.length)}
      </button>
      <span className="dim" role="status">
        {answers.size > 0 && T.result(known.length - failed, failed, answers.size)}
      </span>
    </p>
  );
}

export function AnswerMark({ answer }: { readonly answer: Answer | undefined }) {
  if (answer === undefined) return null;
  if (answer === null) return <StateMark state={T.waiting} tone="waiting" />;
  if ('error' in answer) {
    return (
      <span title={answer.error}>
        <StateMark state={answer.error} tone="failed" />
      </span>
    );
  }
  return <StateMark state={duration(answer.latencyMs)} tone="ok" />;
}
