import { answerOf, ApiError, type components, type Connection } from '@eden/client';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useConnection } from '../../data/connection.js';
import { Code } from '../../parts/code.js';
import { ErrorNote } from '../../parts/error-note.js';
import { objectOf } from '../../parts/json.js';
import { Findings } from '../../parts/findings.js';
import { StateMark } from '../../parts/state-mark.js';
import { TEXTS } from '../../texts.js';
import { contentOf, type Draft } from './template-draft.js';

const T = TEXTS.template.preview;
/** After the last letter. */
const TYPED_MS = 350;

type Unsaved = components['schemas']['UnsavedTemplate'];
type Rendered = components['schemas']['RenderedTemplate'];
type Linted = components['schemas']['LintedTemplate'];

/** What the statement becomes, and what is dangerous about it, as it is written. Nothing runs, and nothing is kept. */
export function Preview({ draft }: { readonly draft: Draft }) {
  const settled = useSettled(draft);
  const { body, mistake } = useMemo(() => unsavedOf(settled), [settled]);
  const rendered = useTool<Rendered>('render', body, (http, unsaved, signal) =>
    http.POST('/api/v1/tools/render', { body: unsaved, signal }),
  );
  const linted = useTool<Linted>('lint', body, (http, unsaved, signal) =>
    http.POST('/api/v1/tools/lint', { body: unsaved, signal }),
  );
  const isBusy = settled !== draft || rendered.isFetching || linted.isFetching;
  return (
    <section className="editor-preview" aria-label={T.title} aria-busy={isBusy}>
      <div className="block-head">
        <h2>{T.title}</h2>
        <span className="dim">{isBusy && TEXTS.working}</span>
      </div>
      {mistake !== null && <ErrorNote error={mistake} />}
      {body === null && mistake === null && <p className="dim">{T.nothing}</p>}
      {body !== null && (
        <>
          <Statements rendered={rendered} line={linted.data?.findings[0]?.line} />
          <Danger linted={linted} />
        </>
      )}
    </section>
  );
}

/** A tool's answer to what is written now; the answer before stays until there is another, and a request that is late is ended. */
function useTool<Answer>(
  name: string,
  body: Unsaved | null,
  call: (
    http: Connection,
    body: Unsaved,
    signal: AbortSignal,
  ) => Promise<{ data?: { data: Answer }; response: Response }>,
): UseQueryResult<Answer> {
  const http = useConnection();
  return useQuery({
    queryKey: ['tools', name, body],
    queryFn: async ({ signal }) => (await answerOf(call(http, body as Unsaved, signal))).data,
    enabled: body !== null,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    retry: false,
    gcTime: 0,
  });
}

interface Written {
  readonly body: Unsaved | null;
  readonly mistake: unknown;
}

function unsavedOf(draft: Draft): Written {
  const text = draft.isHttp ? draft.body.request : draft.body.operations.map(({ query }) => query).join('');
  if (text.trim() === '' || draft.endpoint === '') return { body: null, mistake: null };
  try {
    const values = objectOf(draft.values, TEXTS.template.values);
    return { body: { ...contentOf(draft), values: { ...values } }, mistake: null };
  } catch (mistake) {
    return { body: null, mistake };
  }
}

function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

interface StatementsProps {
  readonly rendered: UseQueryResult<Rendered>;
  readonly line: number | undefined;
}

function Statements({ rendered: { data, error }, line }: StatementsProps) {
  if (error !== null) return <RenderError error={error} />;
  return data?.statements.map(({ query, params }, index) => (
    <div key={index}>
      <Code label={T.statement(index + 1)} text={query} line={data.statements.length === 1 ? line : undefined} />
      {params.length > 0 && (
        <p className="dim">
          {T.params} <code>{JSON.stringify(params)}</code>
        </p>
      )}
    </div>
  ));
}

/** A value that is wanted is no mistake: it is said what to do. */
function RenderError({ error }: { readonly error: Error }) {
  const parameter = error instanceof ApiError ? error.context['parameter'] : undefined;
  if (typeof parameter !== 'string') return <ErrorNote error={error} />;
  return (
    <div className="note note-waiting" role="status">
      <p>{T.wanted(parameter)}</p>
    </div>
  );
}

function Danger({ linted: { data, error } }: { readonly linted: UseQueryResult<Linted> }) {
  // What cannot be rendered is said above.
  if (error !== null || data === undefined) return null;
  const { findings, silenced, refusals, class: level } = data;
  return (
    <div role="status">
      <h3>{T.findings}</h3>
      <p>
        {findings.length === 0 && refusals.length === 0 && <StateMark state={T.noFindings} tone="ok" />}{' '}
        <span className="dim">{T.classes[level]}</span>
      </p>
      <Findings {...{ findings, silenced, refusals }} />
    </div>
  );
}
