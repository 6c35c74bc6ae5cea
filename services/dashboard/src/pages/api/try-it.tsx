import type { Connection } from '@eden/client';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useConnection } from '../../data/connection.js';
import { Confirm } from '../../parts/confirm.js';
import { ErrorNote } from '../../parts/error-note.js';
import { AreaField } from '../../parts/fields.js';
import { objectOf, type JsonObject } from '../../parts/json.js';
import { duration } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import './try-it.css';

const T = TEXTS.tryIt;
/** More are nobody's to read here. */
const ROWS_SHOWN = 100;

/** What one template has given. */
export interface Outcome {
  readonly template: string;
  readonly rows: readonly JsonObject[];
  readonly rowCount: number;
  readonly tookMs?: number;
}

interface TryItProps {
  /** An input to begin with. */
  readonly skeleton: JsonObject;
  /** It changes something: that is asked before. */
  readonly writes: boolean;
  readonly title: string;
  readonly consequences: readonly string[];
  readonly run: (http: Connection, input: JsonObject) => Promise<readonly Outcome[]>;
}

/** Runs it with an input, for real. */
export function TryIt({ skeleton, writes, title, consequences, run }: TryItProps) {
  const http = useConnection();
  const [text, setText] = useState(() => JSON.stringify(skeleton, null, 2));
  const [asked, setAsked] = useState<JsonObject | null>(null);
  const execution = useMutation({ mutationFn: (input: JsonObject) => run(http, input) });
  const [mistake, setMistake] = useState<unknown>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (execution.isPending) return;
    setMistake(null);
    try {
      const input = objectOf(text, T.input);
      if (writes) setAsked(input);
      else execution.mutate(input);
    } catch (reason) {
      setMistake(reason);
    }
  };
  return (
    <section className="block" aria-busy={execution.isPending}>
      <h2>{T.title}</h2>
      <InputForm {...{ text, writes }} isBusy={execution.isPending} onText={setText} onSubmit={submit} />
      {mistake !== null && <ErrorNote error={mistake} />}
      {execution.isError && asked === null && <ErrorNote error={execution.error} />}
      {execution.isSuccess && <Outcomes outcomes={execution.data} />}
      {asked !== null && (
        <Confirm
          title={title}
          consequences={consequences}
          verb={T.verb}
          onConfirm={async () => void (await execution.mutateAsync(asked))}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}

interface InputFormProps {
  readonly text: string;
  readonly writes: boolean;
  readonly isBusy: boolean;
  readonly onText: (text: string) => void;
  readonly onSubmit: (event: FormEvent) => void;
}

function InputForm({ text, writes, isBusy, onText, onSubmit }: InputFormProps) {
  return (
    <form className="try" onSubmit={onSubmit}>
      <AreaField
        label={T.input}
        hint={writes ? T.writes : T.reads}
        rows={Math.min(16, text.split('\n').length + 1)}
        value={text}
        onChange={({ target }) => onText(target.value)}
      />
      <button type="submit" className="button" aria-disabled={isBusy}>
        {isBusy ? TEXTS.working : T.verb}
      </button>
    </form>
  );
}

function Outcomes({ outcomes }: { readonly outcomes: readonly Outcome[] }) {
  return (
    <div role="status">
      {outcomes.map(({ template, rows, rowCount, tookMs }, index) => (
        <div key={index} className="try-outcome">
          <h3>
            {template} · {T.rows(rowCount)}
            {tookMs !== undefined && ` · ${duration(tookMs)}`}
          </h3>
          {rows.length > 0 && <Rows label={template} rows={rows} />}
        </div>
      ))}
    </div>
  );
}

function Rows({ label, rows }: { readonly label: string; readonly rows: readonly JsonObject[] }) {
  const shown = rows.slice(0, ROWS_SHOWN);
  const names = [...new Set(shown.flatMap((row) => Object.keys(row)))];
  return (
    <div className="try-rows" tabIndex={0} role="region" aria-label={T.rowsOf(label)}>
      <table>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, index) => (
            <tr key={index}>
              {names.map((name) => (
                <td key={name}>{cellOf(row[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown.length && <p className="dim">{T.further(rows.length - shown.length)}</p>}
    </div>
  );
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return value === null ? 'NULL' : '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
